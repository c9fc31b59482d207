import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  hosts: {
    title: "主机",
    agents: "代理",
    online: "在线",
    away: "离线",
    own: "本服务器",
    other: "另一台服务器",
    running: "进程",
    ofCapacity: (running, capacity) => `${running} / ${capacity}`,
    lastSeen: "最近联系",
    never: "从未",
    version: "版本",
    labels: "标签",
    address: "地址",
    cpu: "处理器",
    memory: "内存",
    load: "负载 1 / 5 / 15 分钟",
    server: "服务器进程",
    processes: "任务进程",
    historyOf: (name, low, high) => `${name}：过去一小时，最低 ${low}，最高 ${high}`,
    noHistory: "尚无测量值：每 15 秒测量一次。",
    emptyTitle: "还没有代理",
    emptyText: "服务器自带的代理在启动时登记；容量为 0 时它不接任务。",
  },
};
