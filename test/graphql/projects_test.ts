/** The settings of a project, through the API. */
import assert from "node:assert/strict";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const UPDATE = `mutation ($slug: String!, $days: Int) { updateProject(slug: $slug, logRetentionDays: $days) {
  __typename ... on Project { slug logRetentionDays } ... on Error { code path } } }`;
const UPDATE_NOTHING = `mutation { updateProject(slug: "default") { ... on Project { logRetentionDays } } }`;

Deno.test({
  name: "updateProject sets for how long output is kept",
  fn: async () => {
    await using test = await openTestDatabase();
    const api = await openApi(test.db);
    const update = async (slug: string, days: number | null): Promise<unknown> =>
      (await api.ask(UPDATE, { slug, days })).data?.updateProject;

    const set = await update("default", 7);
    const nothing = (await api.ask(UPDATE_NOTHING)).data?.updateProject;
    const back = await update("default", null);
    const refused = [
      await update("default", 0),
      await update("default", 36_501),
      await update("nobody", 1),
    ];

    assert.deepEqual(set, { __typename: "Project", slug: "default", logRetentionDays: 7 });
    assert.deepEqual(nothing, { logRetentionDays: 7 });
    assert.deepEqual(back, { __typename: "Project", slug: "default", logRetentionDays: null });
    assert.deepEqual(refused, [
      { __typename: "InvalidInputError", code: "INVALID_INPUT", path: ["logRetentionDays"] },
      { __typename: "InvalidInputError", code: "INVALID_INPUT", path: ["logRetentionDays"] },
      { __typename: "NotFoundError", code: "NOT_FOUND", path: ["slug"] },
    ]);
  },
});
