import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  live: {
    title: "实时",
    goes: "转到正在运行的任务",
    count: (tasks, runs) => tasks === 0 ? "没有运行" : `${runs} 次运行中的 ${tasks} 个任务`,
    tasks: (count) => `${count} 个任务`,
    missing: (count) => `此处未显示 ${count.toLocaleString("en")} 行`,
    more: (count) => `还有更多任务在运行：此处显示 ${count} 个`,
    emptyTitle: "现在没有运行",
    emptyText: "任务一旦开始，它写出的最后几行就会实时显示在这里。",
    noMatchTitle: "所选内容现在没有运行",
    noMatchText: "此处只显示上方选中的内容；其他容器可能正在运行。",
    toContainers: "运行一个容器",
    toLogs: "搜索过去的输出",
    putAway: (count) => `隐藏已结束的 ${count} 个`,
    fold: "全部收起",
    unfold: "全部展开",
    foldAll: "全部收起或展开",
    foldOne: (name) => `${name} 的输出`,
    project: "项目",
    anyProject: "全部项目",
  },
};
