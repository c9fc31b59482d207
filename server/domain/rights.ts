/** The one place that decides what a viewer may do. Whatever is not allowed here is refused. */
import { ForbiddenError } from "../../schema/errors.ts";
import type { Viewer } from "../../schema/graphql/context.ts";

/** What changes something for others; reading is open to everybody who is signed in. */
export const rights = ["change", "run", "delete-logs", "manage-tokens"] as const;
export type Right = typeof rights[number];

const ACTIONS: Readonly<Record<Right, string>> = {
  change: "change containers",
  run: "start or stop runs",
  "delete-logs": "delete logs",
  "manage-tokens": "manage other people's tokens",
};

export function mayDo(viewer: Viewer, _right: Right): boolean {
  return viewer.admin;
}

export function authorise(viewer: Viewer, right: Right): void {
  if (mayDo(viewer, right)) return;
  throw new ForbiddenError(
    `Cannot ${ACTIONS[right]}: user "${viewer.username}" may only read; ask an administrator`,
  );
}
