/** The editor of a container: the field for commands, and the drawing of the graph. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until, untilEqual } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { hasCount, inBrowser, pressInTurn, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { type MadeRelation, type MadeTask, makeContainer as makeEmpty, newName, saveTasks } from "./made.ts";

const TOUCH_STEPS = 8;

for (const width of [1280, 360]) {
  Deno.test(
    `a command is coloured, warned of, and left by the keyboard at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      const { id, tasks } = await makeContainer(server, [{
        name: "gather",
        command: "cd /srv\nls",
      }]);
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await openTask(page, id, tasks["gather"] ?? "");

      const command = commandOf(page);
      await command.waitFor();
      const warnings = page.getByRole("list", { name: "Command warnings" });
      await warnings.getByText("When the folder is missing").waitFor();
      await page.locator(".tok-variableName, .tok-keyword, .tok-definition, .tok-meta").first().waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);

      await warnings.getByRole("button", { name: "Line 1" }).click();
      await page.keyboard.type("cd /srv || exit 1");
      await hasCount(warnings.getByRole("listitem"), 0);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.type("pwd");
      await page.getByText("1 unsaved change").waitFor();
      await pressInTurn(page, "Escape", "Tab");
      await until(
        "the field is left",
        async () => !await command.evaluate((element) => element.matches(":focus")),
      );

      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("version 3").waitFor();
      strictEqual(await commandInServer(server, id), "cd /srv || exit 1\n  pwd\nls");
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test("the field for a command takes over what is undone elsewhere", inBrowser, async () => {
  const server = await sharedServer();
  const { id, tasks } = await makeContainer(server, [{ name: "gather", command: "echo one" }]);
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await openTask(page, id, tasks["gather"] ?? "");
  await commandOf(page).fill("echo two");
  await page.getByText("1 unsaved change").waitFor();

  await page.getByRole("button", { name: "Discard" }).click();

  await untilEqual("the old command is back", () => commandOf(page).textContent(), "echo one");
  deepStrictEqual(visitor.complaints, []);
});

for (const width of [1280, 360]) {
  Deno.test(
    `a link is dragged, its condition chosen, a circle refused by its path at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      const { id } = await makeContainer(server, threeTasks, [{
        upstream: "one",
        downstream: "two",
      }]);
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await openDrawing(page, id);

      await dragLink(page, "two", "three");
      const relation = page.getByRole("group", { name: "Selected relation" });
      await relation.getByLabel("Required outcome of two").selectOption("FAILURE");
      await dragLink(page, "three", "one");
      await page.getByRole("status").getByText("This would create a cycle: three → one → two → three")
        .waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      await until(
        "messages have their place above the bar",
        async () =>
          await page.evaluate(`document.querySelector(".toasts").getBoundingClientRect().bottom <=
          document.querySelector(".save-bar").getBoundingClientRect().top`),
      );

      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("version 3").waitFor();
      strictEqual(await page.locator(".graph-hint.shown").count(), 0);
      deepStrictEqual(await relationsInServer(server, id), ["one -> two SUCCESS", "two -> three FAILURE"]);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test("a double click on the ground adds a task there, and moves no other", inBrowser, async () => {
  const server = await sharedServer();
  const { id } = await makeContainer(server, threeTasks, [{ upstream: "one", downstream: "two" }]);
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  const drawing = await openDrawing(page, id);
  const { x, y, height } = await stillBox(drawing);

  await page.mouse.dblclick(x + 80, y + height - 100);
  await page.locator(".task-item.open .cm-content").fill("true");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("version 3").waitFor();

  const { data } = await server.graphql(
    `query ($id: ID!) { container(id: $id) { tasks { name position { x y } } } }`,
    { id },
  );
  const places: readonly { readonly x: number; readonly y: number }[] = data.container.tasks.map(
    ({ position }: { position: unknown }) => position,
  );
  strictEqual(new Set(places.map((place) => `${place.x} ${place.y}`)).size, 4);
  // It stands left of and below all others, where the pointer was.
  const added = places.at(-1) ?? { x: 0, y: 0 };
  ok(places.slice(0, 3).every((place) => place.x > added.x && place.y < added.y), JSON.stringify(places));
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("the drawing is edited by the keyboard alone", inBrowser, async () => {
  const server = await sharedServer();
  const { id } = await makeContainer(server, threeTasks);
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  const drawing = await openDrawing(page, id);
  await drawing.focus();

  await page.keyboard.press("ArrowDown");
  await page.locator(".task-item.open", { hasText: "one" }).waitFor();
  await page.keyboard.press("l");
  await page.getByText("Which task should wait for one?").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByText("Enter: two waits for one").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("1 unsaved change").waitFor();
  await page.getByRole("button", { name: /^three/ }).press("Enter");
  await page.locator(".task-item.open", { hasText: "three" }).waitFor();
  await page.getByRole("button", { name: /^three/ }).press("l");
  await page.getByText("Which task should wait for three?").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByText("Enter: one waits for three").waitFor();
  await page.keyboard.press("Control+a");
  await page.getByText("3 selected", { exact: true }).first().waitFor();
  await hasCount(page.locator(".task-item.chosen"), 3);
  await page.keyboard.press("Delete");
  await page.getByText("Add the first task").waitFor();
  await page.keyboard.press("Control+z");
  await hasCount(page.locator(".task-item"), 3);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await until(
    "the name of the task has the focus",
    async () => await page.getByLabel("Name", { exact: true }).evaluate((field) => field.matches(":focus")),
  );

  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("version 3").waitFor();
  deepStrictEqual(await relationsInServer(server, id), ["one -> two SUCCESS"]);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test(
  "tasks are moved, aligned and tidied up, and their places are saved without a version",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const { id } = await makeContainer(server, threeTasks);
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    const drawing = await openDrawing(page, id);

    const from = await onPage(page, await pointIn(page, "two"));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 90, from.y + 60, { steps: 8 });
    await page.mouse.up();
    await page.getByText("1 unsaved change").waitFor();
    await drawing.focus();
    await page.keyboard.press("Control+a");
    await page.getByRole("button", { name: "Align left edges" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();

    const places = await placesInServer(server, id);
    const left = new Set(places.map(({ x }) => Math.round(x / 10)));
    strictEqual(left.size <= 2, true, [...left].join(" "));
    strictEqual(places.every(({ x, y }) => x !== 0 || y !== 0), true);
    await page.getByText("version 2").waitFor();
    await page.getByRole("button", { name: "Arrange the graph automatically" }).click();
    await page.getByText("1 unsaved change").waitFor();
    await page.keyboard.press("Control+z");
    await page.getByText("0 unsaved changes").waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("tasks are moved and linked by a finger at 360 px", inBrowser, async () => {
  const server = await sharedServer();
  const { id } = await makeContainer(server, threeTasks);
  await using visitor = await visitAsAdmin(server, { width: 360 });
  const { page } = visitor;
  await openDrawing(page, id);

  await dragLinkByTouch(page, "one", "two");
  await page.getByRole("group", { name: "Selected relation" }).waitFor();
  await page.getByText("1 unsaved change").waitFor();
  const from = await onPage(page, await pointIn(page, "two"));
  await dragByTouch(page, from, { x: from.x + 50, y: from.y + 30 });
  await page.getByText("2 unsaved changes").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("version 3").waitFor();

  deepStrictEqual(await relationsInServer(server, id), ["one -> two SUCCESS"]);
  // They stood in one column or in one row; both ways the finger went, so that neither is left.
  const [one, two] = await placesInServer(server, id);
  ok(one !== undefined && two !== undefined && one.x !== two.x && one.y !== two.y);
  strictEqual(await sidewaysPx(page), 0);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("a box selects, and shift adds in the list as on the drawing", inBrowser, async () => {
  const server = await sharedServer();
  const { id } = await makeContainer(server, threeTasks);
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  const drawing = await openDrawing(page, id);
  const box = await stillBox(drawing);

  await page.keyboard.down("Shift");
  await page.mouse.move(box.x + 4, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 60, box.y + box.height - 4, { steps: 8 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await hasCount(page.locator(".task-item.chosen"), 3);
  await page.getByRole("button", { name: /^two/ }).click({ modifiers: ["Shift"] });

  await hasCount(page.locator(".task-item.chosen"), 2);
  await page.getByText("2 selected", { exact: true }).first().waitFor();
  deepStrictEqual(visitor.complaints, []);
});

for (const width of [1280, 360]) {
  Deno.test(
    `sixty tasks have a small picture of the whole, states of a run on top at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      const tasks = Array.from({ length: 60 }, (_, index) => ({
        name: `step-${index}`,
        command: index === 0 ? "sleep 300" : "true",
      }));
      const relations = tasks.slice(1).map(({ name }, index) => ({
        upstream: `step-${Math.floor(index / 6) * 6}`,
        downstream: name,
      }));
      const { id } = await makeContainer(server, tasks, relations);
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      const drawing = await openDrawing(page, id);
      const before = await pixels(page);

      await page.locator(".graph-minimap").click({ position: { x: 20, y: 20 } });
      await drawing.focus();
      await page.keyboard.press("+");
      await until("the view is another", async () => await pixels(page) !== before);
      await server.graphql(`mutation ($id: ID!) { triggerRun(containerId: $id) { __typename } }`, { id });
      await page.getByRole("application", { name: /1 Running/ }).waitFor();
      await drawing.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("n");

      // Drawing goes on under the states: the new task has none yet.
      await page.getByText("2 unsaved changes").waitFor();
      await turnTo(page, "Diagram");
      await page.getByRole("application", { name: /1 Running/ }).waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

/** The small picture as it is painted now. */
async function pixels(page: Page): Promise<string> {
  return await page.evaluate("document.querySelector('canvas.graph-minimap').toDataURL()");
}

const threeTasks: readonly MadeTask[] = ["one", "two", "three"].map((name) => ({
  name,
  command: `echo ${name}`,
}));

/** A container of version 2; returns its id and those of its tasks by name. */
async function makeContainer(
  server: TestServer,
  tasks: readonly MadeTask[],
  relations: readonly MadeRelation[] = [],
): Promise<{ readonly id: string; readonly tasks: Readonly<Record<string, string>> }> {
  const id = await makeEmpty(server, { name: newName("Edited") }, {});
  return { id, tasks: await saveTasks(server, id, tasks, relations) };
}

async function openTask(page: Page, containerId: string, taskId: string): Promise<void> {
  await page.goto(`/containers/${encodeURIComponent(containerId)}?task=${encodeURIComponent(taskId)}`);
}

/** On a phone the list and the drawing take turns. */
async function turnTo(page: Page, part: "Tasks" | "Diagram"): Promise<void> {
  if (page.viewportSize()?.width !== 360) return;
  const parts = page.getByRole("group", { name: "List or diagram" });
  await parts.getByRole("button", { name: part, exact: true }).click();
}

function drawingOf(page: Page): Locator {
  return page.getByRole("application", { name: /^Graph of the tasks/ });
}

async function openDrawing(page: Page, containerId: string): Promise<Locator> {
  await page.goto(`/containers/${encodeURIComponent(containerId)}`);
  await turnTo(page, "Diagram");
  const drawing = drawingOf(page);
  await drawing.locator("canvas").first().waitFor({ state: "attached" });
  // It is drawn anew when the font for its names comes late, or its place gets another size.
  await page.evaluate("document.fonts.ready.then(() => null)");
  await stillBox(drawing);
  return drawing;
}

/** Where an element is once it stands still. */
async function stillBox(
  element: Locator,
): Promise<Point & { readonly width: number; readonly height: number }> {
  let before = "";
  return await until("it stands still", async () => {
    await element.page().evaluate(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
    );
    const box = await element.boundingBox();
    const still = JSON.stringify(box) === before;
    before = JSON.stringify(box);
    return still ? box : null;
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Selects a task by the list; its handle then stands at its rim. Where, on the drawing. */
async function handleOf(page: Page, task: string): Promise<Point> {
  await turnTo(page, "Tasks");
  const row = page.locator(".task-item").filter({ has: page.locator(".task-name", { hasText: task }) });
  // The list may just be coming; its rows come with the form of the one that is open.
  await row.waitFor();
  if (await row.locator(".task-form").count() === 0) await row.locator(".task-line").click();
  await row.locator(".task-form").waitFor();
  await turnTo(page, "Diagram");
  await page.locator(".graph-handle").waitFor();
  let before = "";
  return await until(`the handle of ${task} stands still`, async () => {
    // Both at once: the page may still be scrolling to the task's form.
    const place: Point = await page.evaluate(`new Promise((done) => requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const drawing = document.querySelector(".graph-canvas").getBoundingClientRect();
        const handle = document.querySelector(".graph-handle").getBoundingClientRect();
        done({ x: handle.x + handle.width / 2 - drawing.x, y: handle.y + handle.height / 2 - drawing.y });
      })))`);
    const still = JSON.stringify(place) === before;
    before = JSON.stringify(place);
    return still ? place : null;
  });
}

/** A point just inside the task, on the drawing: beside its handle, which lies above it. */
async function pointIn(page: Page, task: string): Promise<Point> {
  const { x, y } = await handleOf(page, task);
  return { x: x - 16, y: y - 8 };
}

/** Brings the drawing into view: where a point of it is then. */
async function onPage(page: Page, { x, y }: Point): Promise<Point> {
  const drawing = drawingOf(page);
  await drawing.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
  const box = await stillBox(drawing);
  return { x: box.x + x, y: box.y + y };
}

async function dragLink(page: Page, from: string, to: string): Promise<void> {
  const target = await pointIn(page, to);
  const handle = await handleOf(page, from);
  const start = await onPage(page, handle);
  const end = await onPage(page, target);
  await page.mouse.move(start.x, start.y);
  // On its way the pointer may have called the handle to another task; there it does not stay.
  await until("the handle is beneath the pointer", () =>
    page.evaluate<boolean>(
      `document.elementFromPoint(${start.x}, ${start.y})?.closest(".graph-handle") instanceof Element`,
    ));
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 8 });
  await page.mouse.up();
}

async function dragLinkByTouch(page: Page, from: string, to: string): Promise<void> {
  const target = await pointIn(page, to);
  await pointIn(page, from);
  const end = await onPage(page, target);
  const handle = await page.locator(".graph-handle").boundingBox();
  if (handle === null) throw new Error("The handle is not shown");
  await dragByTouch(page, { x: handle.x + handle.width / 2, y: handle.y + handle.height / 2 }, end);
}

/** As a finger does it: pressed, moved in steps, lifted. */
async function dragByTouch(page: Page, from: Point, to: Point): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [from] });
  for (let step = 1; step <= TOUCH_STEPS; step++) {
    const x = from.x + (to.x - from.x) * step / TOUCH_STEPS;
    const y = from.y + (to.y - from.y) * step / TOUCH_STEPS;
    await browser.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x, y }] });
  }
  await browser.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await browser.detach();
}

async function relationsInServer(server: TestServer, id: string): Promise<readonly string[]> {
  const { data } = await server.graphql(
    `query ($id: ID!) { container(id: $id) { relations { condition upstream { name } downstream { name } } } }`,
    { id },
  );
  const rows: readonly {
    readonly condition: string;
    readonly upstream: { readonly name: string };
    readonly downstream: { readonly name: string };
  }[] = data.container.relations;
  return rows.map(({ upstream, downstream, condition }) =>
    `${upstream.name} -> ${downstream.name} ${condition}`
  ).sort();
}

async function placesInServer(
  server: TestServer,
  id: string,
): Promise<readonly { readonly x: number; readonly y: number }[]> {
  const { data } = await server.graphql(
    `query ($id: ID!) { container(id: $id) { tasks { position { x y } } } }`,
    { id },
  );
  const rows: readonly { readonly position: { readonly x: number; readonly y: number } }[] =
    data.container.tasks;
  return rows.map(({ position }) => position);
}

/** The field once the editor has taken its place. */
function commandOf(page: Page): Locator {
  return page.locator('.cm-content[aria-label="Command"]');
}

async function commandInServer(server: TestServer, id: string): Promise<string> {
  const { data } = await server.graphql(`query ($id: ID!) { container(id: $id) { tasks { command } } }`, {
    id,
  });
  return data.container.tasks[0].command;
}
