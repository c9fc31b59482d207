import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  variables: {
    title: "变量",
    goes: "转到变量",
    projectLead: "项目的每个任务都会在环境中得到这些变量。容器或任务可以为自己重新设置同名变量。",
    containerLead:
      "此容器的每个任务都会在环境中得到这些变量。它们优先于项目的变量；更改从下次启动起生效，不产生新版本。",
    secretNote: "机密的值会被加密，不再显示，并在输出中替换为 ***。",
    name: "名称",
    value: "值",
    newValue: "新值",
    secret: "机密",
    hidden: "已隐藏",
    setAt: "设置于",
    setBy: (name) => `由 ${name}`,
    emptyTitle: "还没有变量",
    emptyText: "请在下方添加，例如数据库地址或密码。",
    add: "添加变量",
    replace: "替换值",
    replaceOne: (name) => `替换 ${name} 的值`,
    remove: "删除",
    removeOne: (name) => `删除 ${name}`,
    saved: (name) => `已设置 ${name}`,
    removed: (name) => `已删除 ${name}`,
    save: "保存",
  },
};
