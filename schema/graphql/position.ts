/** Where a task is drawn. */
import { builder } from "./builder.ts";

interface Position {
  readonly x: number;
  readonly y: number;
}

export const PositionType = builder.objectRef<Position>("Position").implement({
  description: "Where a task is drawn, in the editor's own unit; it means nothing to the scheduler.",
  fields: (t) => ({
    x: t.exposeFloat("x", { description: "To the right." }),
    y: t.exposeFloat("y", { description: "Downwards." }),
  }),
});

export const PositionInput = builder.inputType("PositionInput", {
  description: "Where a task is to be drawn.",
  fields: (t) => ({
    x: t.float({ required: true, description: "To the right." }),
    y: t.float({ required: true, description: "Downwards." }),
  }),
});
