import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  palette: {
    open: "前往任何地方或执行任何操作",
    title: "前往页面、容器或运行，或执行操作",
    placeholder: "输入名称或想做的事",
    pages: "页面",
    containers: "容器",
    runs: "最新的运行",
    actions: "操作",
    none: (text) => `没有名称类似“${text}”的内容`,
  },
};
