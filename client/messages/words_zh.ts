import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  inbox: {
    title: "消息",
    open: (count) => count === 0 ? "消息" : `消息，${count >= 1000 ? "1000 条以上" : `${count} 条`}未读`,
    markRead: "全部标为已读",
    all: "所有消息",
    unread: "未读",
    emptyTitle: "没有消息",
    emptyText: "失败、错过、恢复的运行，以及他人对容器的更改会出现在这里。",
    by: (name) => `由 ${name}`,
    show: "显示",
    onlyUnread: "仅未读",
    everything: "全部",
  },
  messageKinds: {
    RUN_FAILED: "运行失败",
    SLOT_MISSED: "错过触发",
    RUN_LATE: "启动过晚",
    RUN_RECOVERED: "恢复正常",
    CONTAINER_CHANGED: "容器被更改",
  },
};
