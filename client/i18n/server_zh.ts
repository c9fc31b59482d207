import type { words as en } from "./server_en.ts";

export const words: typeof en = {
  serverSentences: {
    someTask: "有任务失败",
    allSkipped: "所有任务都被跳过",
    disabledTask: "任务已停用",
    kept: "沿用先前运行的结果",
    again: "再次成功",
    stopped: "已停止",
    unstarted: "尚未启动",
    taskLimit: "超出任务时限",
    runLimit: "超出运行时限",
    noProcess: "无法启动进程",
    vanished: "被外部终止：进程未留下状态",
    restarted: "执行期间机器重启",
    lost: "执行期间机器重启，或代理的记录已丢失",
    replaced: "被容器的较新运行取代",
    noAgent: "没有可接任务的代理在线",
    queuedBehindRunning: "排队等待同一容器正在进行的运行结束",
    queuedBehindWaiting: "排在同一容器更早的等待运行之后",
    overlapActive: "容器的另一次运行正在进行，按设置跳过",
    overlapWaiting: "已有一次运行排在当前运行之后",
    empty: "容器没有启用的任务",
    outage: "到点时没有服务器在运行",
    created: "已创建",
    deleted: "已删除",
    enabled: "已启用",
    disabled: "已停用",
    relationDeleted: "删除了一条关系",
  },
  serverWords: {
    between: "；",
    taskFailed: (name, why, more) =>
      `任务“${name}”失败${why === "" ? "" : `：${why}`}${more === 0 ? "" : `（另有 ${more} 个）`}`,
    taskCancelled: (name, why, more) =>
      `任务“${name}”被取消${why === "" ? "" : `：${why}`}${more === 0 ? "" : `（另有 ${more} 个）`}`,
    retried: (attempt, why) => `第 ${attempt} 次尝试失败：${why}；稍后重试`,
    waited: (name, wanted, ended) =>
      `它等待“${name}”${wanted === "succeed" ? "成功" : wanted === "fail" ? "失败" : "结束"}，而后者${
        ended === "" ? "被略过" : ended
      }`,
    waits: (names) => `等待 ${names} 结束`,
    runLimit: (count) => `这次运行最多同时执行 ${count} 个任务`,
    slots: (taken, capacity) =>
      taken === null ? `${capacity} 个执行位全部占用` : `${capacity} 个执行位已占用 ${taken} 个，即将开始`,
    exit: (code) => `退出码 ${code}`,
    signal: (name) => `被 ${name} 终止`,
    cancelledBy: (name) => `被 ${name} 取消`,
    cannotStart: (why) => `无法启动进程：${why}`,
    cannotPlan: (why) => `无法安排计划：${why}`,
    agentGone: (name, seconds) => `代理“${name}”已 ${seconds} 秒没有消息，视为失联`,
    outageLong: (count) => `到点时没有服务器在运行，错过超过 ${count} 次`,
    slotMissed: (at, why) => `${at} 的触发没有产生运行${why === "" ? "" : `：${why}`}`,
    slotsMissed: (count, from, to, why) =>
      `${from} 至 ${to} 的${count === null ? "全部" : ` ${count} 次`}触发没有产生运行${
        why === "" ? "" : `：${why}`
      }`,
    late: (at, seconds) => `${at} 的运行在 ${seconds} 秒后仍无任务启动`,
    restored: (version, changes) => `恢复了版本 ${version}：${changes}`,
    taskAdded: (name) => `添加了任务“${name}”`,
    taskDeleted: (name) => `删除了任务“${name}”`,
    taskChanged: (name, fields) => `更改了任务“${name}”：${fields.join("、")}`,
    settingsChanged: (fields) => `更改了设置：${fields.join("、")}`,
    relationsChanged: (count) => `更改了 ${count} 条关系`,
    relationAdded: (upstream, downstream) => `添加了关系“${upstream}”→“${downstream}”`,
    relationChanged: (condition) => `更改了关系的条件：${condition}`,
    copied: (name) => `复制自“${name}”`,
    wasNamed: (name) => `原名“${name}”`,
    more: (count) => `另有 ${count} 项`,
  },
};
