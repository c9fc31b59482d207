/** Members of projects. */
import { sql } from "drizzle-orm";
import { all } from "../../server/db/conditions.ts";
import type { Membership } from "../../server/domain/projects/interface.ts";
import { builder } from "./builder.ts";
import { countedConnectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import { byText, type CountedPage, inside, type PageArguments, pageOf, readWindow } from "./pages.ts";

/** A membership, and the project that it is shown in. */
export interface ShownMember extends Membership {
  readonly shownIn: number;
}

export const Member = builder.objectRef<ShownMember>("Member");
export const MemberConnection = countedConnectionType(
  Member,
  "Member",
  "A page of members, ordered by username.",
);

const columns = { username: sql`username`, id: sql`id` };
const order = byText<typeof columns, ShownMember & { readonly id: number; readonly username: string }>(
  (table) => table.username,
  (row) => row.username,
);

export async function readMembers(
  projectId: number,
  args: PageArguments,
  { app: { projects }, visible }: Context,
): Promise<CountedPage<ShownMember>> {
  const window = readWindow(args, order);
  const rows = await projects.listMembers(projectId, {
    condition: all(inside(order, window, columns)),
    order: order.sort(columns, window.direction),
    limit: window.size + 1,
  });
  const shown = rows.map((row) => ({
    ...row,
    id: row.userId,
    // A project above that the viewer may not see is not named.
    shownIn: visible === "all" || visible.includes(row.projectId) ? row.projectId : projectId,
  }));
  const page = pageOf(order, window, shown, () => [], async ({ where, orderBy }) => {
    const part = { condition: where.RAW(columns), order: orderBy(columns), limit: 1 };
    return (await projects.listMembers(projectId, part)).length > 0;
  });
  return { ...page, totalCount: () => projects.countMembers(projectId) };
}
