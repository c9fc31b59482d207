/** From task to task by the keyboard, wherever the focus is. Answers a step, for keys that mean it in one place only. */
import type { Accessor } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { findTaskRunRow } from "./TaskRunRow.tsx";

export function walkTasks(walk: {
  readonly taskRuns: Accessor<readonly { readonly id: string }[]>;
  readonly selected: Accessor<string | null>;
  readonly select: (id: string) => void;
}): (by: 1 | -1) => void {
  const { keyboard } = useServices();
  const t = useTexts();
  const step = (by: 1 | -1): void => {
    const all = walk.taskRuns();
    const place = all.findIndex(({ id }) => id === walk.selected());
    const next = all[Math.min(all.length - 1, Math.max(0, place + by))];
    if (next === undefined) return;
    walk.select(next.id);
    const row = findTaskRunRow(next.id);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  keyboard.bind([
    { keys: "j", meaning: () => t("runEnd.nextTask"), run: () => step(1) },
    { keys: "k", meaning: () => t("runEnd.previousTask"), run: () => step(-1) },
    {
      keys: "l",
      meaning: () => t("runEnd.toLog"),
      run: () => document.querySelector<HTMLElement>(".run-log [role=log]")?.focus(),
    },
  ]);
  return step;
}
