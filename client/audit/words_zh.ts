import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  audit: {
    title: "审计",
    goes: "转到审计日志",
    lead: "谁从何处更改或启动了什么。条目不能更改，保留期过后删除。",
    at: "时间",
    who: "操作者",
    action: "操作",
    subject: "对象",
    changes: "更改",
    actionFilter: "操作的开头",
    from: "从",
    to: "到",
    download: "下载",
    nothing: "无",
    emptyTitle: "没有条目",
    emptyText: "没有符合筛选条件的条目，或尚未有任何操作。",
    sources: { AGENT: "代理", API: "API 令牌", CONSOLE: "会话", SERVER: "服务器" },
  },
};
