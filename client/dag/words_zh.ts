import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  dag: {
    fit: "使图适合画面",
    edit: "编辑所选任务",
    tools: "图的工具",
    view: "视图",
    create: "在所选任务之后新建任务",
    link: "让另一个任务等待所选任务",
    tidy: "自动布局",
    remove: "删除所选内容",
    unlink: "删除依赖关系",
    relation: "所选依赖关系",
    starts: "的启动条件：",
    zoomIn: "放大",
    zoomOut: "缩小",
    selected: (count) => `已选 ${count} 项`,
    waitsFor: (name, others) => `${name}，等待 ${others}`,
    linking: (name) => `哪个任务应等待 ${name}？点击它，或用方向键选择后按 Enter。按 Esc 结束。`,
    linkTo: (from, to) => `按 Enter：${to} 等待 ${from}`,
    linkNeeds: "请先选择一个任务",
    cycle: (path) => `这会形成循环：${path}`,
    keys:
      "方向键在任务间移动，按住 Shift 可加入选择，按住 Ctrl 可移动所选任务。Enter 编辑，Delete 删除，N 新建任务，L 连接，T 自动布局，F 显示整个图，加减号缩放，Ctrl-A 全选。旁边的列表内容相同。",
  },
  dagRefusals: { self: "任务不能等待自己", present: "它已经在等待此任务" },
  alignments: { left: "左对齐", top: "顶部对齐", spreadRight: "水平均匀分布", spreadDown: "垂直均匀分布" },
  edges: { SUCCESS: "", FAILURE: "失败时", ALWAYS: "总是" },
};
