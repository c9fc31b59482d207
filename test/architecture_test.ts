/** The import graph obeys the layers, and the tree tells nothing of the machine it was written on. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { type Edge, entryPoints, findCircles, findFaults, readEdges } from "./support/architecture.ts";
import { findMachineWords, listOwnFiles } from "./support/machine_words.ts";

const root = new URL("..", import.meta.url);

for (const entryPoint of entryPoints) {
  Deno.test(`no import reached from ${entryPoint} points up`, async () => {
    const edges = await readEdges(root, entryPoint);

    ok(edges.length > 0);
    deepStrictEqual(findFaults(edges), []);
    deepStrictEqual(findCircles(edges), []);
  });
}

Deno.test("findCircles() finds those of code, however long", () => {
  const edge = (from: string, to: string, kind: Edge["kind"] = "code"): Edge => ({ from, to, kind });
  const circle = [edge("a.ts", "b.ts"), edge("b.ts", "c.ts"), edge("c.ts", "a.ts")];
  const beside = [edge("main.ts", "a.ts"), edge("c.ts", "d.ts"), edge("d.ts", "a.ts", "type")];

  deepStrictEqual(findCircles([...beside, ...circle, edge("d.ts", "main.ts", "lazy")]), circle);
});

Deno.test("every file of server/ and schema/ is reached from an entry point", async () => {
  const edges = (await Promise.all(entryPoints.map((entryPoint) => readEdges(root, entryPoint)))).flat();
  const reached = new Set([...entryPoints, ...edges.map(({ to }) => to)]);
  // The migration generator reads its configuration by itself.
  const alone = ["schema/drizzle.config.ts"];

  const files = await listOwnFiles(root, /^(?:server|schema)\/.*\.ts$/);

  deepStrictEqual(files.filter((file) => !reached.has(file) && !alone.includes(file)), []);
});

/** The arrow, and whether it is a fault. */
const arrows: readonly (readonly [string, string, Edge["kind"], boolean])[] = [
  ["server/main.ts", "server/cli/serve.ts", "code", false],
  ["server/cli/serve.ts", "server/app.ts", "code", false],
  ["server/app.ts", "server/http/mod.ts", "code", false],
  ["server/engine/mod.ts", "server/domain/mod.ts", "code", false],
  ["server/engine/mod.ts", "server/agent/agent.ts", "code", false],
  ["server/domain/runs/create.ts", "server/domain/rules/graph.ts", "code", false],
  ["server/domain/runs/create.ts", "server/agent/port.ts", "type", false],
  ["server/domain/rules/graph.ts", "schema/states.ts", "type", false],
  ["server/db/open.ts", "schema/tables/run.ts", "code", false],
  ["server/agent/spool/spool.ts", "schema/states.ts", "type", false],
  ["server/domain/rules/cron.ts", "npm:croner", "code", false],
  ["client/dag/Graph.tsx", "npm:cytoscape", "code", false],
  ["client/lib/states.ts", "schema/states.ts", "code", false],
  ["client/versions/field_names.ts", "schema/definition/task.ts", "code", false],
  ["server/agent/port.ts", "schema/definition/task.ts", "type", false],
  ["client/i18n/zh.ts", "schema/sentences.ts", "type", false],
  ["client/i18n/en.ts", "client/runs/words_en.ts", "code", false],
  ["client/runs/RunPage.tsx", "client/ui/Time.tsx", "code", false],
  ["client/runs/RunPage.tsx", "client/logs/LogView.tsx", "code", false],
  ["client/overview/overview_state.ts", "client/runs/runs_state.ts", "code", false],
  ["client/containers/ContainerPage.tsx", "client/schedule/ScheduleTab.tsx", "lazy", false],
  ["client/overview/OverviewPage.tsx", "client/hosts/HostPanel.tsx", "code", false],
  ["client/routes.tsx", "client/runs/RunPage.tsx", "lazy", false],
  ["schema/graphql/run.ts", "schema/tables/run.ts", "code", false],
  ["schema/graphql/run.ts", "server/domain/runs/create.ts", "code", false],

  ["server/domain/runs/create.ts", "server/engine/mod.ts", "code", true],
  ["server/domain/runs/create.ts", "server/http/mod.ts", "type", true],
  ["server/http/mod.ts", "server/engine/mod.ts", "code", true],
  ["server/engine/mod.ts", "server/http/mod.ts", "type", true],
  ["server/http/mod.ts", "server/agent/agent.ts", "code", true],
  ["server/domain/runs/create.ts", "server/agent/port.ts", "code", true],
  ["server/domain/runs/create.ts", "server/agent/agent.ts", "type", true],
  ["server/domain/rules/graph.ts", "server/db/open.ts", "type", true],
  ["server/domain/rules/graph.ts", "server/domain/runs/create.ts", "type", true],
  ["server/domain/rules/graph.ts", "schema/tables/run.ts", "type", true],
  ["server/db/open.ts", "server/domain/runs/create.ts", "code", true],
  ["server/db/open.ts", "server/events/bus.ts", "code", true],
  ["server/agent/spool/spool.ts", "schema/errors.ts", "code", true],
  ["server/agent/spool/spool.ts", "server/log.ts", "code", true],
  ["server/domain/runs/create.ts", "schema/graphql/run.ts", "code", true],
  ["server/domain/runs/create.ts", "schema/graphql/run.ts", "type", true],
  ["schema/graphql/run.ts", "server/engine/mod.ts", "type", true],
  ["schema/tables/run.ts", "schema/graphql/run.ts", "type", true],
  ["schema/definition/task.ts", "schema/tables/task.ts", "type", true],
  ["server/app.ts", "server/main.ts", "code", true],
  ["client/App.tsx", "server/domain/mod.ts", "type", true],
  ["client/i18n/zh.ts", "schema/sentences.ts", "code", true],
  ["server/http/mod.ts", "client/App.tsx", "code", true],
  ["client/App.tsx", "npm:cytoscape", "code", true],
  ["client/lib/states.ts", "client/runs/runs_state.ts", "code", true],
  ["client/ui/Time.tsx", "client/runs/runs_state.ts", "type", true],
  ["client/runs/RunPage.tsx", "client/containers/GraphTab.tsx", "code", true],
  ["client/runs/RunPage.tsx", "client/containers/GraphTab.tsx", "type", true],
  ["client/runs/RunPage.tsx", "client/containers/container.css", "code", true],
  ["client/dag/Graph.tsx", "npm:chart.js", "code", true],
  ["server/engine/mod.ts", "npm:postgres", "code", true],
  ["server/domain/runs/create.ts", "server/elsewhere/new.ts", "code", true],
];
for (const [from, to, kind, fault] of arrows) {
  Deno.test(`findFaults() ${fault ? "names" : "allows"} ${from} -> ${to} (${kind})`, () => {
    const faults = findFaults([{ from, to, kind }]);

    deepStrictEqual(
      faults.map((sentence) => sentence.startsWith(`${from} -> ${to} (${kind}): `)),
      fault ? [true] : [],
    );
  });
}

Deno.test("no file names the folder it lies in, and the lock names no registry", async () => {
  deepStrictEqual(await findMachineWords(root), []);
});

Deno.test("findMachineWords() finds a folder and a registry", async () => {
  const folder = await Deno.makeTempDir({ prefix: "orrery-words-" });
  try {
    await Deno.mkdir(`${folder}/server`);
    await Deno.writeTextFile(`${folder}/server/a.ts`, `const path = "${folder}/data";`);
    await Deno.writeTextFile(`${folder}/server/b.ts`, "const path = '/home/somebody/data';");
    await Deno.writeTextFile(`${folder}/server/c.ts`, "const path = '/var/lib/data';");
    await Deno.writeTextFile(`${folder}/deno.lock`, '{ "tarball": "http://registry.example:4873/x.tgz" }');

    const found = await findMachineWords(new URL(`file://${folder}/`));

    deepStrictEqual(found.map((sentence) => sentence.split(":")[0]).sort(), [
      "deno.lock",
      "server/a.ts",
      "server/b.ts",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
