/** What every deletion answers with. */
import { builder } from "./builder.ts";
import { resultUnion } from "./errors.ts";

interface Deleted {
  /** The global id, as it was given. */
  readonly deletedId: string;
}

const DeletedPayload = builder.objectRef<Deleted>("DeletedPayload").implement({
  description: "It is gone.",
  fields: (t) => ({
    deletedId: t.exposeID("deletedId", { description: "The id that names nothing any more." }),
  }),
});

export const DeleteResult = resultUnion(
  "DeleteResult",
  DeletedPayload,
  ["ConflictError", "NotFoundError", "ForbiddenError"],
  "The id of what is gone, or why it stays.",
);
