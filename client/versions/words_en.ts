import { plural } from "../i18n/plural.ts";

export const words = {
  versions: {
    list: "Versions, newest first",
    current: "current",
    server: "Orrery",
    version: (version: number) => `Version ${version}`,
    back: "All versions",
    against: "Compare with version",
    restore: "Restore",
    restoreTitle: (version: number) => `Restore version ${version}?`,
    restoreText: (next: number) =>
      `Its settings, tasks and relations become version ${next}. The current version stays in this list. The name, the description and whether it is enabled do not change.`,
    restoreSubmit: "Restore",
    restored: (version: number) => `Version ${version} is restored`,
    same: "The two versions do not differ.",
    settings: "Settings",
    relations: "Relations",
    added: "added",
    removed: "removed",
    changed: "changed",
    empty: "empty",
    lines: "Lines that differ",
    unchanged: (count: number) => plural(count, "unchanged line", "unchanged lines"),
    waitsFor: (downstream: string, upstream: string) => `${downstream} waits for ${upstream}`,
    notKeptTitle: "The content of this version is not known",
    notKeptText: "It was created before versions were stored.",
    noneTitle: "Version not found",
    noneText: "This container has no version with the number in the address.",
  },
};
