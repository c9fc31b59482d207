/** The parts of a container's page, in the order of their tabs. The first is what an address without one shows. */
export const containerTabs = ["graph", "schedule", "runs", "settings", "versions"] as const;
export type ContainerTab = typeof containerTabs[number];

/** The tab of an address; what no tab is called shows the first. */
export function readTab(word: string | undefined): ContainerTab {
  return containerTabs.find((name) => name === word) ?? containerTabs[0];
}

/** Where a tab of a container lies. */
export function tabAddress(path: string, tab: ContainerTab): string {
  return tab === containerTabs[0] ? path : `${path}?tab=${tab}`;
}
