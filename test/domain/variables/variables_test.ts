/** Variables and secrets: set, given to tasks, and kept from everybody else. */
import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import { textOf } from "../../../schema/sentences.ts";
import { createVariables } from "../../../server/domain/variables/variables.ts";
import type { VariableInput } from "../../../server/domain/variables/interface.ts";
import { openVault } from "../../../server/vault/vault.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";
import { endedAs, openDomain, taskOf, type TestDomain, triggerRun } from "../../support/domain.ts";

const SECRET = "s3cret-größe";

interface Scene {
  readonly test: TestDatabase;
  readonly domain: TestDomain;
  readonly set: (input: VariableInput) => Promise<number>;
  readonly remove: (id: number) => Promise<void>;
  /** Starts a run and claims its tasks. */
  readonly start: (
    containerId: number,
    environment?: Readonly<Record<string, string>>,
  ) => Promise<Awaited<ReturnType<TestDomain["exchange"]>>["work"]>;
}

async function withScene(run: (scene: Scene) => Promise<void>): Promise<void> {
  await using test = await openTestDatabase();
  const domain = await openDomain(test.db);
  const variables = createVariables({ db: test.db, vault: domain.ports.vault });
  await run({
    test,
    domain,
    set: (input) => variables.set(domain.viewer, input),
    remove: (id) => variables.remove(domain.viewer, { id }),
    async start(containerId, environment = {}): ReturnType<Scene["start"]> {
      await triggerRun(domain.ports, domain.viewer, { containerId, environment });
      return (await domain.exchange()).work;
    },
  });
}

Deno.test("a task gets the variables of its project and container, and the nearest wins", () =>
  withScene(async ({ domain, set, start }) => {
    const containerId = await domain.container();
    const other = await domain.container();
    await domain.task(containerId, "a", { environment: { C: "task", D: "task" } });
    await domain.task(other, "b");
    for (const name of ["A", "B", "C", "D"]) await set({ name, value: "project" });
    for (const name of ["B", "C", "D"]) await set({ containerId, name, value: "container" });
    await set({ name: "TOKEN", value: SECRET, secret: true });
    await set({ containerId, name: "KEY", value: `${SECRET}-2`, secret: true });

    const [work] = await start(containerId, { D: "run" });
    const [elsewhere] = await start(other);

    const { A, B, C, D, TOKEN, KEY } = work?.environment ?? {};
    equal({ A, B, C, D, TOKEN, KEY }, {
      A: "project",
      B: "container",
      C: "task",
      D: "run",
      TOKEN: SECRET,
      KEY: `${SECRET}-2`,
    });
    equal([...work?.secretNames ?? []].sort(), ["KEY", "TOKEN"]);
    equal([elsewhere?.environment.B, elsewhere?.environment.KEY, elsewhere?.secretNames], [
      "project",
      undefined,
      [
        "TOKEN",
      ],
    ]);
  }));

Deno.test("a value is current at the claim, and a secret that the task overrides is none", () =>
  withScene(async ({ domain, set, remove, start }) => {
    const containerId = await domain.container();
    await domain.task(containerId, "a", { environment: { PLAIN: "plain" } });
    await set({ name: "PLAIN", value: SECRET, secret: true });
    const id = await set({ name: "A", value: "one" });
    const [first] = await start(containerId);
    await domain.end({ a: 0 });

    await set({ name: "A", value: "two" });
    const [second] = await start(containerId);
    await domain.end({ a: 0 });
    await remove(id);
    const [third] = await start(containerId);

    equal([first, second, third].map((work) => work?.environment.A), ["one", "two", undefined]);
    equal(first?.secretNames, []);
  }));

Deno.test("a secret is nowhere in the database in plain, also when tasks have run with it", () =>
  withScene(async ({ test, domain, set, start }) => {
    const containerId = await domain.container();
    await domain.task(containerId, "a");
    await set({ name: "TOKEN", value: SECRET, secret: true });
    await start(containerId);
    await domain.end({ a: { exitCode: 0, redactedCount: 3 } });

    equal(await tablesWith(test, SECRET), []);
    const [taskRun] = await test.sql`select redacted_count as count from task_runs`;
    equal(taskRun?.count, 3);
  }));

Deno.test("a task whose secret cannot be decrypted is not started and says so; the others are", () =>
  withScene(async ({ test, domain, set, start }) => {
    const [broken, sound] = [await domain.container(), await domain.container()];
    await domain.task(broken, "a");
    await domain.task(broken, "b", { environment: { TOKEN: "of the task" } });
    await domain.task(sound, "c");
    await set({ containerId: broken, name: "TOKEN", value: SECRET, secret: true });
    await test.sql`update variables set key_id = 'another'`;

    const works = [...await start(broken), ...await start(sound)];

    const obstacles = works.map((
      work,
    ) => [taskOf(work), work.obstacle === null ? null : textOf(work.obstacle)]);
    equal(Object.fromEntries(obstacles), {
      a: 'secret "TOKEN" cannot be decrypted with the key of this server; set its value again',
      b: null,
      c: null,
    });
    await domain.exchange({ ended: works.map(({ attemptId }) => endedAs(attemptId, 0)) });
  }));

Deno.test("set() refuses names, values and changes that cannot be, and quotes no value", () =>
  withScene(async ({ domain, set }) => {
    await set({ name: "TOKEN", value: SECRET, secret: true });
    const refused: readonly (readonly [VariableInput, string])[] = [
      [{ name: "1A", value: "" }, "name"],
      [{ name: "ORRERY_A", value: "" }, "name"],
      [{ name: "A".repeat(201), value: "" }, "name"],
      [{ name: "A", value: "x\0y" }, "value"],
      [{ name: "A", value: "ä".repeat(33_000) }, "value"],
      [{ name: "A", value: "12345", secret: true }, "value"],
    ];

    for (const [input, field] of refused) {
      await rejects(set(input), (error) => {
        ok(error instanceof InvalidInputError);
        equal(error.path, [field]);
        ok(input.value === "" || !error.message.includes(input.value));
        return true;
      });
    }
    await rejects(set({ name: "TOKEN", value: "plain" }), ConflictError);
    await rejects(set({ name: "A", value: "", project: "none" }), NotFoundError);
    await rejects(set({ name: "A", value: "", containerId: 999 }), NotFoundError);
    const variables = createVariables({ db: domain.db, vault: domain.ports.vault });
    await rejects(variables.set(domain.reader, { name: "A", value: "" }), ForbiddenError);
    const other = createVariables({ db: domain.db, vault: await openVault("another") });
    await rejects(other.set(domain.viewer, { name: "B", value: SECRET, secret: true }), /same ORRERY_SECRET/);
  }));

Deno.test("set() makes a plain variable a secret, and forgets the plain value", () =>
  withScene(async ({ test, set }) => {
    const id = await set({ name: "TOKEN", value: SECRET });

    equal(await set({ name: "TOKEN", value: SECRET, secret: true }), id);

    equal(await tablesWith(test, SECRET), []);
  }));

/** Names of the tables of which a row contains the text. */
async function tablesWith({ sql }: TestDatabase, text: string): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`;
  const found = await Promise.all(tables.map(async ({ name }) => {
    const rows = await sql`select 1 from ${sql(name)} t where position(${text} in t::text) > 0 limit 1`;
    return rows.length > 0 ? [name] : [];
  }));
  return found.flat();
}
