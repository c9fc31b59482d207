/** What became of slots, what the message centre says, and what changed in a container. Stored with them. */
import type { RelationCondition } from "../states.ts";
import type { Format, Sentence } from "../sentences.ts";
import { because } from "./reasons.ts";

interface Named {
  readonly name: string;
}

interface Fields {
  /** As the API calls them. */
  readonly fields: readonly string[];
}

interface Missed {
  readonly why: Sentence | null;
}

export const slotReasons = {
  SLOT_OUTAGE: () => "No server was up when it was due",
  SLOT_OUTAGE_LONG: ({ count }: { readonly count: number }) =>
    `No server was up when it was due, and more than ${count} slots were missed`,
  SLOT_OVERLAP: ({ why }: { readonly why: Sentence }, format: Format) => `Overlap: ${format(why)}`,
  SLOT_SHADOW: () => "Shadow: would have run",
  SLOT_EMPTY: () => "Empty: the container has no enabled task",
  SLOT_UNPLANNED: ({ why }: { readonly why: Sentence }, format: Format) =>
    `The schedule cannot be planned: ${format(why)}`,
  SLOT_DISABLED: () => "The container was disabled before it fired",
  SLOT_REMOVED: () => "The schedule was removed before it fired",
} as const;

export const messageTexts = {
  RUN_RECOVERED: () => "Succeeded again",
  RUN_LATE: ({ at, seconds }: { readonly at: string; readonly seconds: number }) =>
    `The run of ${at} had no task started after ${seconds} s`,
  SLOT_MISSED: ({ at, why }: Missed & { readonly at: string }, format: Format) =>
    `The slot of ${at} passed without a run${because(why, format)}`,
  SLOTS_MISSED: (
    { count, from, to, why }: Missed & {
      /** Null: all of them. */
      readonly count: number | null;
      readonly from: string;
      readonly to: string;
    },
    format: Format,
  ) => `${count ?? "All"} slots from ${from} to ${to} passed without a run${because(why, format)}`,
} as const;

export const containerChanges = {
  CREATED: () => "created",
  DELETED: () => "deleted",
  ENABLED: () => "enabled",
  DISABLED: () => "disabled",
  COPIED_FROM: ({ name }: Named) => `copied from "${name}"`,
  WAS_NAMED: ({ name }: Named) => `was named "${name}"`,
  SETTINGS_CHANGED: ({ fields }: Fields) => `settings changed: ${fields.join(", ")}`,
  TASK_ADDED: ({ name }: Named) => `task "${name}" added`,
  TASK_DELETED: ({ name }: Named) => `task "${name}" deleted`,
  TASK_CHANGED: ({ name, fields }: Named & Fields) => `task "${name}" changed: ${fields.join(", ")}`,
  RELATION_ADDED: ({ upstream, downstream }: { readonly upstream: string; readonly downstream: string }) =>
    `relation "${upstream}" -> "${downstream}" added`,
  RELATION_CHANGED: ({ condition }: { readonly condition: RelationCondition }) =>
    `relation changed to ${condition}`,
  RELATION_DELETED: () => "relation deleted",
  RELATIONS_CHANGED: ({ count }: { readonly count: number }) =>
    `${count} relation${count === 1 ? "" : "s"} changed`,
  MORE_CHANGES: ({ count }: { readonly count: number }) => `and ${count} more`,
  VERSION_RESTORED: (
    { version, changes }: { readonly version: number; readonly changes: Sentence },
    format: Format,
  ) => `version ${version} restored: ${format(changes)}`,
} as const;
