/** Rows that are deleted between two statements of one operation. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { deleteContainer } from "../../server/domain/containers/containers.ts";
import { codes, openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

// Two pages of one list are two statements.
const TWO_PAGES =
  "... on Container { name one: runs(first: 1) { totalCount } two: runs(first: 2) { totalCount } }";
const documents = {
  "a container that is looked up": `query ($id: ID!) { container(id: $id) { ${TWO_PAGES} } }`,
  "the container of a task":
    `query ($id: ID!) { container(id: $id) { tasks { container { ${TWO_PAGES} } } } }`,
  "a container that was changed": `mutation ($id: ID!) {
    updateContainer(input: { id: $id, description: "new" }) { ${TWO_PAGES} }
  }`,
} as const;

for (const [what, document] of Object.entries(documents)) {
  Deno.test(`${what} and deleted before it is read to its end is not found`, async () => {
    await using opened = await openTestDatabase();
    const { domain, ask } = await openApi(opened.db);
    const containerId = await domain.container();
    await domain.task(containerId, "task");
    const { containers } = opened.db.query;
    const { findMany } = containers;
    // The second statement is the planner's, and the only one that looks for many.
    containers.findMany = new Proxy(findMany, {
      apply: (target, self, args) =>
        deleteContainer(domain.ports, domain.viewer, { id: containerId }).then(() =>
          Reflect.apply(target, self, args)
        ),
    });

    const answer = await ask(document, { id: encodeId("Container", containerId) });

    equal(codes(answer), ["NOT_FOUND"]);
    equal(answer.errors?.[0]?.message, "Cannot show container: it was deleted meanwhile");
  });
}
