import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { eq } from "drizzle-orm";
import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  LimitExceededError,
} from "../../../schema/errors.ts";
import { textOf } from "../../../schema/sentences.ts";
import { containerChanges, containers } from "../../../schema/tables/container.ts";
import { updateContainer } from "../../../server/domain/containers/containers.ts";
import { saveContainer } from "../../../server/domain/containers/save.ts";
import { createFiles } from "../../../server/domain/files/files.ts";
import type { ApplyInput, Plan } from "../../../server/domain/files/interface.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { createRandom } from "../../support/random.ts";

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

const input = (text: string, more: Partial<ApplyInput> = {}): ApplyInput => ({
  project: "default",
  files: [{ path: "a.yaml", text }],
  source: null,
  prune: false,
  expected: null,
  ...more,
});

const NIGHTLY = `kind: container/v1
name: Nightly load
expression: 0 4 * * *
timezone: Europe/Berlin
tasks:
  extract:
    command: |
      set -e
      ./extract
    environment: { MODE: 0644, ON: on, AT: 12:30, EMPTY: "" }
  load:
    command: ./load
    maxRetries: 2
    after: [extract]
  mail:
    command: 12345
    after:
      - task: load
        on: FAILURE
      - { task: extract, on: ALWAYS }
`;

const told = (plan: Plan): readonly unknown[] =>
  plan.containers.map(({ action, name, changes }) => [action, name, changes.map(textOf)]);
const faultsOf = ({ faults }: Plan): readonly string[] =>
  faults.map(({ path, line, column, message }) => `${path}:${line}:${column} ${textOf(message)}`);

test("files are planned, applied as one version, and planned again with nothing to do", async (domain) => {
  const files = createFiles(domain.ports);

  deepStrictEqual(told(await files.plan(domain.viewer, input(NIGHTLY))), [
    ["CREATE", "Nightly load", ["created", 'task "extract" added', 'task "load" added', 'task "mail" added']],
  ]);
  await files.apply(domain.viewer, input(NIGHTLY, { source: "repository" }));
  deepStrictEqual(told(await files.plan(domain.viewer, input(NIGHTLY))), [["UNCHANGED", "Nightly load", []]]);
  const changed = NIGHTLY.replace("0 4 * * *", "30 5 * * *").replace("./load", "./load --all");
  const plan = await files.plan(domain.viewer, input(changed));
  deepStrictEqual(told(plan), [
    ["UPDATE", "Nightly load", ["settings changed: expression", 'task "load" changed: command']],
  ]);
  const [planned] = plan.containers;
  deepStrictEqual([planned?.version, planned?.fires?.addedCount, planned?.fires?.removedCount], [1, 7, 7]);
  strictEqual(planned?.fires?.firstAdded.length, 7);
  const { containerIds, deleted } = await files.apply(
    domain.viewer,
    input(changed, { expected: [{ name: "Nightly load", version: 1 }] }),
  );

  const [container] = await domain.db.select().from(containers);
  deepStrictEqual([containerIds, deleted, container?.version, container?.source], [
    [container?.id],
    [],
    2,
    "repository",
  ]);
  strictEqual((await domain.db.select().from(containerChanges)).length, 2);
  const text = await files.export("all", { project: "default", container: "Nightly load" });
  ok(text.includes('MODE: "0644"') && text.includes("command: |"), text);
});

test("a container that changed since the plan is a conflict by name, and nothing is applied", async (domain) => {
  const files = createFiles(domain.ports);
  await files.apply(domain.viewer, input(NIGHTLY));
  const [container] = await domain.db.select().from(containers);
  await updateContainer(domain.ports, domain.viewer, { id: container?.id ?? 0, priority: 5 });
  const two = `${NIGHTLY.replace("4", "5")}---\nkind: container/v1\nname: Another\n`;
  const expected = [{ name: "Another", version: 0 }, { name: "Nightly load", version: 1 }];

  await rejects(
    files.apply(domain.viewer, input(two, { expected })),
    (error) => error instanceof ConflictError && /"Nightly load" is at version 2/.test(error.message),
  );
  await rejects(
    files.apply(domain.viewer, input(two, { expected: [{ name: "Gone", version: 3 }] })),
    (error) => error instanceof ConflictError && /"Gone" does not exist/.test(error.message),
  );

  deepStrictEqual((await domain.db.select().from(containers)).map(({ name, version }) => [name, version]), [
    ["Nightly load", 2],
  ]);
});

test("prune deletes what its source made and no file has, and nothing else", async (domain) => {
  const files = createFiles(domain.ports);
  const of = (name: string): string => `kind: container/v1\nname: ${name}\n`;
  await files.apply(domain.viewer, input(`${of("a")}---\n${of("b")}`, { source: "one" }));
  await files.apply(domain.viewer, input(of("c"), { source: "two" }));
  await files.apply(domain.viewer, input(of("d")));
  const pruned = input(of("a"), { source: "one", prune: true });

  deepStrictEqual(told(await files.plan(domain.viewer, pruned)), [["UNCHANGED", "a", []], ["DELETE", "b", [
    "deleted",
  ]]]);
  deepStrictEqual((await files.apply(domain.viewer, pruned)).deleted, ["b"]);

  deepStrictEqual((await domain.db.select().from(containers)).map(({ name }) => name).sort(), [
    "a",
    "c",
    "d",
  ]);
  await rejects(files.plan(domain.viewer, input("", { prune: true })), InvalidInputError);
});

test("every fault has its path, line and column, and one file does not hide another's", async (domain) => {
  const files = createFiles(domain.ports);
  const task = "kind: container/v1\nname: x\ntasks:\n  a:\n";
  const cases: readonly (readonly [string, readonly RegExp[]])[] = [
    [NIGHTLY.replace("0 4 * * *", "0 25 * * *"), [/^a\.yaml:3:13 Cannot read "25" in the hour/]],
    [NIGHTLY.replace("maxRetries: 2", "maxRetries: many"), [/^a\.yaml:13:17 .*maxRetries/]],
    [NIGHTLY.replace("maxRetries", "retries"), [/^a\.yaml:13:5 There is no key "retries"/]],
    [NIGHTLY.replace("[extract]", "[extra]"), [/^a\.yaml:14:13 .*"extra"/]],
    [NIGHTLY.replace("    command: ./load\n", ""), [/^a\.yaml:11:3 Task "load" needs a command/]],
    [`${task}    command: x\n    command: y\n`, [/^a\.yaml:6:5 .*unique/]],
    [`${task}    command: x\n\tshell: y\n`, [/[Tt]ab/]],
    [`${task}    command: !!js/function x\n`, [/^a\.yaml:5:14 .*tag/]],
    [`name: x\n`, [/^a\.yaml:1:1 .*container\/v1/]],
    ["- 1\n", [/^a\.yaml:1:1 Keys with values/]],
    [`${"[".repeat(20_000)}`, [/./]],
    [`${NIGHTLY}---\n${NIGHTLY}`, [/^a\.yaml:23:7 .*is in a\.yaml, line 2/]],
    ["kind: container/v1\nname: x\nenabled: yes\ndst: { missing: MAYBE }\ntimezone: Mars\n", [
      /^a\.yaml:3:10/,
      /^a\.yaml:4:/,
      /^a\.yaml:5:11/,
    ]],
    [`${task}    command: x\n    after: a\n`, [/itself/]],
    [`${task}    command: x\n    after: b\n  b:\n    command: y\n    after: a\n`, [/cycle/]],
    [`${task}    command: x\n    environment: { ORRERY_A: b }\n`, [/^a\.yaml:6:18/]],
  ];

  for (const [text, patterns] of cases) {
    const faults = faultsOf(await files.plan(domain.viewer, input(text)));
    for (const pattern of patterns) {
      ok(faults.some((fault) => pattern.test(fault)), `${pattern}: ${faults.join("; ")}`);
    }
    await rejects(files.apply(domain.viewer, input(text)), InvalidInputError);
  }
  deepStrictEqual(await domain.db.select().from(containers), []);
});

test("aliases stand for what they name, and a document of too many is refused", async (domain) => {
  const files = createFiles(domain.ports);
  const aliased = `kind: container/v1
name: x
tasks:
  a:
    command: &run ./run
    environment: &all { KEY: value }
  b:
    command: *run
    environment: *all
`;
  const bomb = `kind: container/v1
name: x
tasks:
  a: &a { command: x, after: [1, 2, 3, 4, 5, 6, 7, 8, 9] }
${Array.from({ length: 60 }, (_, index) => `  b${index}: *a`).join("\n")}
`;

  await files.apply(domain.viewer, input(aliased));

  ok((await files.export("all", { project: "default", container: null })).includes("command: ./run"));
  ok(faultsOf(await files.plan(domain.viewer, input(bomb))).some((fault) => /50 aliases/.test(fault)));
});

test("too much is refused, and so is a viewer who may not change anything", async (domain) => {
  const files = createFiles(domain.ports);
  const many = { files: Array.from({ length: 201 }, (_, index) => ({ path: `${index}`, text: "" })) };
  const large = `#${"x".repeat(4 * 1024 * 1024)}`;

  await rejects(files.plan(domain.viewer, input("", many)), InvalidInputError);
  await rejects(files.apply(domain.viewer, input("", many)), LimitExceededError);
  await rejects(files.plan(domain.viewer, input(large)), InvalidInputError);
  await rejects(files.plan(domain.reader, input(NIGHTLY)), ForbiddenError);
  await rejects(files.apply(domain.reader, input(NIGHTLY)), ForbiddenError);
});

test("the plan of an export is all UNCHANGED, whatever the containers are like", async (domain) => {
  const files = createFiles(domain.ports);
  const { next: random, pick } = createRandom(7);
  const texts = [
    "on",
    "0644",
    "12:30",
    "a: b # c",
    "line\nnext\n\n  indented\n",
    " lead ",
    "~",
    "null",
    "1e3",
    "é\t\u{1f600}",
    "'\"",
    "- x",
    "%",
    "@a",
    "x\r\ny",
    "trail \n",
  ];
  for (let count = 0; count < 40; count++) {
    const id = await domain.container({
      name: `${pick(texts)} ${count}`.replace(/\s+/g, " "),
      description: pick(texts),
      enabled: random() < 0.5,
      shadow: random() < 0.5,
      expression: pick([null, "0 4 * * *", "@every 90s", "@reboot", "0 0 */2 * +1"]),
      timezone: pick(["UTC", "Europe/Berlin"]),
      overlap: pick(["SKIP", "ALLOW", "QUEUE", "REPLACE"] as const),
      misfire: pick(["SKIP", "ONCE", "ALL"] as const),
      dst: {
        missing: pick(["SKIP", "SHIFT"] as const),
        repeated: pick(["FIRST", "SECOND", "BOTH"] as const),
      },
      priority: Math.floor(random() * 10),
    });
    const tasks = Array.from({ length: 5 }, (_, index) => ({
      name: `${pick(texts).replace(/\s+/g, " ")}${index}`,
      command: `${pick(texts)}x`,
      description: pick(texts),
      environment: { [pick(["A", "__proto__", "on"])]: pick(texts) },
      runAs: pick([null, "root", "0"]),
      directory: pick([null, "/srv/x y"]),
      keepLogs: random() < 0.5,
      position: { x: Math.floor(random() * 3) / 2, y: 0 },
    }));
    const relations = tasks.slice(1).flatMap((task, index) =>
      random() < 0.6
        ? [{
          upstream: tasks[index]?.name.trim() ?? "",
          downstream: task.name.trim(),
          condition: pick(["SUCCESS", "FAILURE", "ALWAYS"] as const),
        }]
        : []
    );
    await saveContainer(domain.ports, domain.viewer, { container: { id }, tasks, relations });
  }

  const text = await files.export("all", { project: "default", container: null });
  const plan = await files.plan(domain.viewer, input(text, { source: "x", prune: true }));

  deepStrictEqual(faultsOf(plan), []);
  strictEqual(plan.containers.length, 40);
  deepStrictEqual(told(plan).filter((one) => (one as unknown[])[0] !== "UNCHANGED"), []);
  deepStrictEqual((await files.apply(domain.viewer, input(text))).containerIds, []);
  await domain.db.delete(containers).where(eq(containers.projectId, 1));
  await files.apply(domain.viewer, input(text));
  strictEqual(await files.export("all", { project: "default", container: null }), text);
});
