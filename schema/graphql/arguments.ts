/** What many fields take or ask: pages, texts that go into a query, who is asking. */
import { InvalidInputError, NotFoundError, UnauthenticatedError } from "../errors.ts";
import { say } from "../sentences.ts";
import type { ShownThing } from "../sentences/edits.ts";
import type { builder } from "./builder.ts";
import type { Context } from "./context.ts";
import type { Viewer } from "../../server/domain/accounts/interface.ts";
import { LINE_PAGE, type PageArguments, type PageLimit, ROW_PAGE } from "./pages.ts";

/** Most characters of a text that is looked for. */
const SEARCH_CHARACTERS = 1000;
/** Most fire times that one field answers with. */
export const FIRES_MOST = 100;

type ArgumentBuilder = Pick<Parameters<Parameters<typeof builder.args>[0]>[0], "int" | "string">;

// deno-lint-ignore explicit-function-return-type -- Pothos infers the arguments' types
export function pageArguments(arg: ArgumentBuilder, { usual, most }: PageLimit = ROW_PAGE) {
  return {
    first: arg.int({
      description:
        `How many, from the start of the list or from after; 0 to ${most}. Default ${usual}; not together with last.`,
    }),
    after: arg.string({ description: "Cursor: only what comes behind it. Null = from the start." }),
    last: arg.int({
      description:
        `How many, from the end of the list or from before; 0 to ${most}. Not together with first.`,
    }),
    before: arg.string({ description: "Cursor: only what comes before it. Null = to the end." }),
  };
}

/** What a page costs: as many times its fields as it may have rows. */
function pageCost(
  limit: PageLimit = ROW_PAGE,
): (args: PageArguments) => { field: number; multiplier: number } {
  return ({ first, last }) => {
    const size = first ?? last ?? limit.usual;
    // A size out of range is refused by the field itself; it must not make the cost negative before.
    return { field: 1, multiplier: Math.min(Math.max(size, 1), limit.most) };
  };
}
export const rowPageCost = pageCost(ROW_PAGE);
export const linePageCost = pageCost(LINE_PAGE);

/** Who asks. The root types let nobody else through, so a missing viewer is a refusal that hardly happens. */
export function viewerOf({ viewer }: Context): Viewer {
  if (viewer === null) throw new UnauthenticatedError(say("STRANGER"));
  return viewer;
}

/** A text that a query may carry: PostgreSQL has no NUL, and nobody looks for a book. */
export function searchText<Text extends string | null | undefined>(text: Text, at: readonly string[]): Text {
  if (typeof text === "string" && (text.includes("\0") || text.length > SEARCH_CHARACTERS)) {
    throw new InvalidInputError(
      say("SEARCH_TEXT", { field: at.at(-1) ?? "input", most: SEARCH_CHARACTERS }),
      at,
    );
  }
  return text;
}

/** The row that an operation has just made or changed; somebody may have deleted it since. */
export function stillThere<Row>(row: Row | null | undefined, what: ShownThing): Row {
  if (row === undefined || row === null) {
    throw new NotFoundError(say("DELETED_MEANWHILE", { what }));
  }
  return row;
}

/** How many fire times; null counts as the usual number. */
export function readCount(count: number | null | undefined): number {
  const asked = count ?? 5;
  if (asked < 0 || asked > FIRES_MOST) {
    throw new InvalidInputError(say("FIRES_COUNT", { count: asked, most: FIRES_MOST }), ["count"]);
  }
  return asked;
}
