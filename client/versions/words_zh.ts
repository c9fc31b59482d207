import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  versions: {
    list: "版本，最新的在前",
    current: "当前",
    server: "Orrery",
    version: (version) => `版本 ${version}`,
    back: "全部版本",
    against: "对比版本",
    restore: "恢复",
    restoreTitle: (version) => `恢复到版本 ${version}？`,
    restoreText: (next) =>
      `它的设置、任务和依赖关系将成为版本 ${next}。当前内容仍保留在此列表中。名称、描述和启用开关保持不变。`,
    restoreSubmit: "恢复此版本",
    restored: (version) => `已恢复版本 ${version}`,
    same: "两者没有差别。",
    settings: "设置",
    relations: "依赖关系",
    added: "新增",
    removed: "移除",
    changed: "修改",
    empty: "空",
    lines: "有差别的行",
    unchanged: (count) => `${count} 行未变`,
    waitsFor: (downstream, upstream) => `${downstream} 等待 ${upstream}`,
    notKeptTitle: "此版本的内容未知",
    notKeptText: "它产生于开始保存版本内容之前。",
    noneTitle: "没有这个版本",
    noneText: "地址中的版本号在此容器中从未存在。",
  },
};
