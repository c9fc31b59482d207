/** The parts of a container's page, in the order of their tabs. The first is what an address without one shows. */
export const containerTabs = ["graph", "schedule", "runs", "settings", "variables", "versions"] as const;
export type ContainerTab = typeof containerTabs[number];

/** The tab of an address; what no tab is called shows the first. */
export function readTab(word: string | undefined): ContainerTab {
  return containerTabs.find((name) => name === word) ?? containerTabs[0];
}

/** Where a tab of a container lies. */
export function tabAddress(path: string, tab: ContainerTab): string {
  return tab === containerTabs[0] ? path : `${path}?tab=${tab}`;
}

/** The two views of the graph, which take turns where the window is narrow. The first is what is shown unasked. */
export const graphParts = ["tasks", "drawing"] as const;
export type GraphPart = typeof graphParts[number];

export function readPart(word: string | undefined): GraphPart {
  return graphParts.find((part) => part === word) ?? graphParts[0];
}

/** What an address says of the part; null: nothing. */
export function writePart(part: GraphPart): GraphPart | null {
  return part === graphParts[0] ? null : part;
}
