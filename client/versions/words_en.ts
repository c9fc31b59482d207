import { plural } from "../i18n/plural.ts";

export const words = {
  versions: {
    list: "Versions, newest first",
    current: "now",
    server: "Orrery",
    version: (version: number) => `Version ${version}`,
    back: "All versions",
    against: "Compared with version",
    restore: "Restore",
    restoreTitle: (version: number) => `Restore version ${version}?`,
    restoreText: (next: number) =>
      `Its settings, tasks and relations become version ${next}. What is there now stays in this list. The name, the description and the switch stay as they are.`,
    restoreSubmit: "Restore it",
    restored: (version: number) => `Version ${version} is restored`,
    same: "Nothing differs between the two.",
    settings: "Settings",
    relations: "Relations",
    added: "added",
    removed: "removed",
    changed: "changed",
    empty: "empty",
    lines: "Lines that differ",
    unchanged: (count: number) => plural(count, "unchanged line", "unchanged lines"),
    waitsFor: (downstream: string, upstream: string) => `${downstream} waits for ${upstream}`,
    notKeptTitle: "It is not known what this version was made of",
    notKeptText: "It was made before versions were kept.",
    noneTitle: "There is no such version",
    noneText: "The address names a version that this container never had.",
  },
};
