import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  taskPage: {
    title: "任务",
    goes: "前往所有容器的任务",
    count: (count) => `${count} 个任务`,
    all: "所有容器的任务",
    searchCommands: "在命令中搜索",
    searchIn: "搜索范围",
    inNames: "名称中",
    inCommands: "命令中",
    filters: "筛选",
    task: "任务",
    command: "命令",
    limit: "时限",
    noLimit: "无",
    enable: (name) => `让“${name}”随其容器运行`,
    runNow: (name) => `单独运行“${name}”，不等待上游任务`,
    emptyTitle: "没有这样的任务",
    emptyText: "任务在其容器的页面上创建。",
  },
};
