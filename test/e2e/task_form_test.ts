/** The form of a task asks for all that a task has. */
import { deepStrictEqual } from "node:assert/strict";
import { formFields } from "../../client/containers/draft_fields.ts";
import { en } from "../../client/i18n/en.ts";
import { fieldName } from "../../client/i18n/field_names.ts";
import { namesOf } from "../../schema/definition/field.ts";
import { taskFields } from "../../schema/definition/task.ts";
import { inBrowser, sharedServer, visitAsAdmin } from "./browser.ts";
import { makeContainer, newName, saveTasks } from "./made.ts";

Deno.test("the form of a task has every field of the definition", inBrowser, async () => {
  const server = await sharedServer();
  const id = await makeContainer(server, { name: newName("Form") }, {});
  // Whether all or any have to end is asked of a task that waits for two.
  const tasks = await saveTasks(
    server,
    id,
    ["one", "two", "last"].map((name) => ({ name, command: ":" })),
    ["one", "two"].map((upstream) => ({ upstream, downstream: "last" })),
  );
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto(`/containers/${encodeURIComponent(id)}?task=${encodeURIComponent(tasks["last"] ?? "")}`);
  const form = page.locator(".task-form");
  await form.getByRole("button", { name: en.task.more }).click();
  await form.getByText(en.task.environment, { exact: true }).waitFor();

  const counts = await Promise.all(
    namesOf(formFields).map(async (name) => {
      const label = fieldName(en, name, taskFields);
      return { name, count: await form.getByText(label, { exact: true }).count() };
    }),
  );

  deepStrictEqual(counts.filter(({ count }) => count === 0).map(({ name }) => name), []);
});
