/** Projects, members, users and tokens, from the API down to who may do what. */
import assert from "node:assert/strict";
import { eq } from "drizzle-orm";
import { encodeId } from "../../../schema/ids.ts";
import type { ProjectRole } from "../../../schema/states.ts";
import { users } from "../../../schema/tables/user.ts";
import type { Accounts, Viewer } from "../../../server/domain/accounts/interface.ts";
import { createAccounts } from "../../../server/domain/accounts/accounts.ts";
import type { Passwords } from "../../../server/domain/accounts/passwords.ts";
import { openApi, type TestApi } from "../../support/api.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";
import { openDomain } from "../../support/domain.ts";

const START = Date.parse("2026-01-01T00:00:00.000Z");

Deno.test("a role holds in the projects below, and nowhere else", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  await desk.project("org");
  await desk.project("team", "org");
  await desk.project("crew", "team");
  await desk.project("other");
  await desk.grant("team", "ada", "OPERATOR");
  await desk.grant("crew", "ada", "VIEWER");

  const seen = await desk.ask(
    `{ projects { edges { node { slug viewerRole parent { slug } } } totalCount } }`,
    "ada",
  );
  const members = await desk.ask(
    `{ project(slug: "crew") { members { edges { node { role user { username } project { slug } } } totalCount } } }`,
    "ada",
  );

  assert.deepEqual(seen.projects.edges.map(({ node }: { node: unknown }) => node), [
    { slug: "crew", viewerRole: "OPERATOR", parent: { slug: "team" } },
    // The project above is not visible.
    { slug: "team", viewerRole: "OPERATOR", parent: null },
  ]);
  assert.equal(seen.projects.totalCount, 2);
  assert.deepEqual(members.project.members, {
    edges: [{ node: { role: "OPERATOR", user: { username: "ada" }, project: { slug: "team" } } }],
    totalCount: 1,
  });
  assert.equal((await desk.ask(`{ project(slug: "other") { id } }`, "ada")).project, null);
});

Deno.test("createProject() nests three levels, needs ADMIN above, and makes its maker ADMIN", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  await desk.project("org");
  await desk.grant("org", "ada", "ADMIN");
  const make = (slug: string, parent: string | null, as = "ada") =>
    desk.code(
      `createProject(input: { slug: "${slug}", name: "n"${parent === null ? "" : `, parent: "${parent}"`} })`,
      as,
    );

  assert.equal(await make("team", "org"), undefined);
  assert.equal(await make("crew", "team"), undefined);
  assert.equal(await make("deep", "crew"), "INVALID_INPUT");
  assert.equal(await make("top", null), "FORBIDDEN");
  assert.equal(await make("team", "org"), "CONFLICT");
  assert.equal(await make("Bad Slug", "org"), "INVALID_INPUT");
  assert.equal(await make("below", "org", "bob"), "NOT_FOUND");
  assert.equal(await desk.code(`deleteProject(slug: "team")`), "CONFLICT");
  assert.equal(await desk.code(`deleteProject(slug: "default")`), "CONFLICT");
  assert.equal(await desk.code(`deleteProject(slug: "crew")`, "ada"), undefined);
});

Deno.test("users are known to those who share a project, and to whoever is ADMIN somewhere", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  await desk.project("one");
  await desk.project("two");
  await desk.grant("one", "ada", "VIEWER");
  const names = async (as: string) =>
    (await desk.ask(`{ users { edges { node { username } } } }`, as)).users.edges
      .map(({ node }: { node: { username: string } }) => node.username);
  const node = async (name: string) =>
    (await desk.ask(`{ node(id: "${encodeId("User", desk.ids[name] ?? 0)}") { id } }`, "ada")).node;

  assert.deepEqual(await names("ada"), ["ada"]);
  assert.equal(await node("bob"), null);
  await desk.grant("one", "bob", "VIEWER");
  assert.deepEqual(await names("ada"), ["ada", "bob"]);
  assert.notEqual(await node("bob"), null);
  await desk.grant("two", "ada", "ADMIN");
  assert.deepEqual(await names("ada"), ["ada", "admin", "bob", "reader", "root"]);
});

Deno.test("a user is made, disabled and deleted; the last administrator stays", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const made = await desk.mutate(`createUser(input: { username: "Eve" }) {
    ... on PasswordPayload { password user { id username passwordChangeRequired disabled } } }`);
  const { password, user } = made;
  const signed = await desk.accounts.signIn({ username: "eve", password, address: "a" });
  const token = await desk.accounts.createApiToken(await desk.as(signed.token), {
    name: "t",
    expiresAt: null,
  });
  await test.db.update(users).set({ admin: false }).where(desk.named("admin"));

  assert.equal(await desk.code(`createUser(input: { username: "EVE" })`), "INVALID_INPUT");
  assert.equal(await desk.code(`createUser(input: { username: "x" })`, "ada"), "FORBIDDEN");
  assert.equal(await desk.code(`updateUser(input: { id: "${user.id}", disabled: true })`), undefined);
  assert.equal(await desk.accounts.authenticate(signed.token, "bearer"), null);
  assert.equal(await desk.accounts.authenticate(token.token, "bearer"), null);
  await assert.rejects(desk.accounts.signIn({ username: "eve", password, address: "a" }));
  assert.equal(await desk.code(`updateUser(input: { id: "${user.id}", disabled: false })`), undefined);
  assert.ok(await desk.accounts.authenticate(token.token, "bearer"));
  assert.equal(await desk.code(`updateUser(input: { id: "${user.id}", admin: null })`), "INVALID_INPUT");
  const root = encodeId("User", desk.ids.root ?? 0);
  for (const change of [`disabled: true`, `admin: false`]) {
    assert.equal(await desk.code(`updateUser(input: { id: "${root}", ${change} })`), "CONFLICT");
  }
  assert.equal(await desk.code(`deleteUser(id: "${root}")`), "CONFLICT");
  assert.equal(await desk.code(`deleteUser(id: "${user.id}")`), undefined);
  assert.equal(await desk.accounts.authenticate(token.token, "bearer"), null);
});

Deno.test("a token does no more than its scopes, in no more than its project", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  await desk.project("one");
  await desk.project("two");
  await desk.grant("one", "ada", "EDITOR");
  await desk.grant("two", "ada", "ADMIN");
  const ada = await desk.viewer("ada");
  const make = async (maker: Viewer, input: Partial<Parameters<Accounts["createApiToken"]>[1]>) =>
    await desk.as(
      (await desk.accounts.createApiToken(maker, { name: crypto.randomUUID(), expiresAt: null, ...input }))
        .token,
    );

  const view = await make(ada, { scopes: ["VIEW"] });
  const made = await desk.accounts.createApiToken(ada, {
    name: "edit",
    expiresAt: null,
    scopes: ["EDIT"],
    project: "one",
  });
  const edit = await desk.as(made.token);
  const all = await make(ada, {});

  assert.deepEqual([...view.roles as ReadonlyMap<number, ProjectRole>].map(([, role]) => role), [
    "VIEWER",
    "VIEWER",
  ]);
  assert.deepEqual([...edit.roles as ReadonlyMap<number, ProjectRole>].map(([, role]) => role), ["EDITOR"]);
  assert.deepEqual(all.roles, ada.roles);
  const forbidden = { name: "ForbiddenError" };
  await assert.rejects(make(ada, { scopes: ["ADMINISTER"], project: "one" }), forbidden);
  await assert.rejects(make(view, { scopes: ["OPERATE"] }), forbidden);
  await assert.rejects(make(edit, {}), forbidden);
  await assert.rejects(make(edit, { project: "two" }), { name: "NotFoundError" });
  await assert.rejects(make(ada, { scopes: ["ENROL_AGENTS"] }), { name: "InvalidInputError" });
  assert.deepEqual((await make(view, {})).scopes, ["VIEW"]);
  // A role that is taken away is gone from the token as well.
  await desk.code(`setMember(project: "one", userId: "${encodeId("User", desk.ids.ada ?? 0)}")`);
  assert.equal((await desk.ask(`{ project(slug: "one") { id } }`, await desk.as(made.token))).project, null);
});

Deno.test("a service token belongs to its project, and outlives its maker", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  await desk.project("one");
  await desk.grant("one", "ada", "ADMIN");
  await desk.grant("one", "bob", "EDITOR");
  const input = {
    name: "deploy",
    expiresAt: null,
    project: "one",
    service: true,
    scopes: ["OPERATE"],
  } as const;
  const { token, id } = await desk.accounts.createApiToken(await desk.viewer("ada"), input);

  await assert.rejects(desk.accounts.createApiToken(await desk.viewer("bob"), input), {
    name: "ForbiddenError",
  });
  await desk.code(`deleteUser(id: "${encodeId("User", desk.ids.ada ?? 0)}")`);
  const viewer = await desk.as(token);
  const list =
    `{ viewer { id } project(slug: "one") { viewerRole tokens { name service scopes project { slug } } } }`;

  assert.deepEqual(await desk.ask(list, viewer), {
    viewer: null,
    project: { viewerRole: "OPERATOR", tokens: [] },
  });
  assert.deepEqual((await desk.ask(list, "root")).project.tokens, [
    { name: "deploy", service: true, scopes: ["OPERATE"], project: { slug: "one" } },
  ]);
  await assert.rejects(desk.accounts.revokeApiToken(await desk.viewer("bob"), id), {
    name: "ForbiddenError",
  });
  await desk.accounts.revokeApiToken(await desk.viewer("root"), id);
  assert.equal(await desk.accounts.authenticate(token, "bearer"), null);
});

Deno.test("rotateApiToken() lets the old token go on for the overlap, and a token rotates only itself and its own", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const root = await desk.viewer("root");
  const old = await desk.accounts.createApiToken(root, { name: "old", expiresAt: null });
  const other = await desk.accounts.createApiToken(root, { name: "other", expiresAt: null });
  const { accounts } = desk;

  const next = await accounts.rotateApiToken(root, { id: old.id, overlapSeconds: 5 });
  desk.pass(4_999);
  assert.ok(await accounts.authenticate(old.token, "bearer"));
  desk.pass(1);
  assert.equal(await accounts.authenticate(old.token, "bearer"), null);
  const viewer = await desk.as(next.token);
  assert.equal(next.id, old.id);
  const last = await accounts.rotateApiToken(viewer, { id: old.id, overlapSeconds: 0 });
  assert.equal(await accounts.authenticate(next.token, "bearer"), null);
  assert.ok(await accounts.authenticate(last.token, "bearer"));
  await assert.rejects(
    accounts.rotateApiToken(await desk.as(last.token), { id: other.id, overlapSeconds: 0 }),
    { name: "ForbiddenError" },
  );
  await assert.rejects(accounts.rotateApiToken(root, { id: old.id, overlapSeconds: -1 }), {
    name: "InvalidInputError",
  });
});

Deno.test("a container moves with its history, has tags, and is a favourite of whoever marked it", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  await desk.project("one");
  await desk.grant("one", "ada", "ADMIN");
  const { domain } = desk.api;
  const containerId = await domain.container({ name: "nightly", tags: ["Data", " data ", "etl"] });
  await domain.task(containerId, "a");
  const id = encodeId("Container", containerId);
  await desk.mutate(`triggerRun(containerId: "${id}") { __typename }`);

  assert.equal(await desk.code(`moveContainer(containerId: "${id}", project: "one")`), "CONFLICT");
  await domain.finish();
  assert.equal(await desk.code(`moveContainer(containerId: "${id}", project: "one")`, "ada"), "NOT_FOUND");
  assert.equal(await desk.code(`moveContainer(containerId: "${id}", project: "one")`), undefined);
  assert.equal(await desk.code(`setFavorite(containerId: "${id}", favorite: true)`, "ada"), undefined);

  const list =
    `{ runs { totalCount } taskRuns { edges { node { name } } } tagged: containers(filter: { tags: ["ETL", "data"] }) {
    edges { node { tags favorite project { slug } } } } other: containers(filter: { tags: ["etl", "no"] }) { totalCount }
    favorites: containers(filter: { favorite: true }) { totalCount } }`;
  assert.deepEqual(await desk.ask(list, "ada"), {
    runs: { totalCount: 1 },
    taskRuns: { edges: [{ node: { name: "a" } }] },
    tagged: { edges: [{ node: { tags: ["data", "etl"], favorite: true, project: { slug: "one" } } }] },
    other: { totalCount: 0 },
    favorites: { totalCount: 1 },
  });
  assert.equal((await desk.ask(list, "root")).favorites.totalCount, 0);
});

Deno.test("the runs of several projects are one list, page by page, forwards and backwards", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const { domain } = desk.api;
  for (const project of ["one", "two", "three"]) {
    await desk.project(project);
    await desk.grant(project, "ada", project === "three" ? "VIEWER" : "OPERATOR");
  }
  await desk.code(`setMember(project: "three", userId: "${encodeId("User", desk.ids.ada ?? 0)}")`);
  const containers: string[] = [];
  for (const project of ["one", "two", "three"]) {
    const id = await domain.container({ project, name: project });
    await domain.task(id, "a");
    containers.push(encodeId("Container", id));
  }
  for (let round = 0; round < 2; round++) {
    for (const id of containers) await desk.mutate(`triggerRun(containerId: "${id}") { __typename }`);
    await domain.finish();
  }
  const page = async (args: string) =>
    (await desk.ask(`{ runs${args} { totalCount edges { cursor node { containerName } } } }`, "ada")).runs;
  const names = (read: { edges: { node: { containerName: string } }[] }) =>
    read.edges.map(({ node }) => node.containerName);

  const whole = await page("");
  const first = await page("(first: 3)");
  const rest = await page(`(first: 3, after: "${first.edges[2].cursor}")`);

  assert.deepEqual(names(whole), ["two", "one", "two", "one"]);
  assert.equal(whole.totalCount, 4);
  assert.deepEqual([...names(first), ...names(rest)], names(whole));
  assert.deepEqual(names(await page("(last: 1)")), ["one"]);
  assert.deepEqual(names(await page(`(filter: { containerId: "${containers[1]}" })`)), ["two", "two"]);
});

interface Desk {
  readonly api: TestApi;
  readonly accounts: Accounts;
  /** Of the users, by name. */
  readonly ids: Readonly<Record<string, number>>;
  pass(milliseconds: number): void;
  viewer(name: string): Promise<Viewer>;
  as(token: string): Promise<Viewer>;
  named(name: string): ReturnType<typeof eq>;
  project(slug: string, parent?: string): Promise<void>;
  grant(project: string, name: string, role: ProjectRole): Promise<void>;
  // deno-lint-ignore no-explicit-any -- the shape follows from the document that the test wrote
  ask(source: string, as?: string | Viewer): Promise<any>;
  // deno-lint-ignore no-explicit-any -- as above
  mutate(call: string, as?: string): Promise<any>;
  /** Of the refusal; undefined when there was none. */
  code(call: string, as?: string): Promise<unknown>;
}

/** The API with real accounts: root is an administrator, ada and bob have no role yet. */
async function openDesk(test: TestDatabase): Promise<Desk> {
  let now = START;
  const clock = { now: () => now };
  // Argon is slow on purpose, and tested elsewhere.
  const passwords: Passwords = {
    hash: (password) => Promise.resolve(`hash of ${password}`),
    verify: (hash, password) => Promise.resolve(hash === `hash of ${password}`),
  };
  const domain = await openDomain(test.db);
  const accounts = createAccounts({
    db: test.db,
    bus: domain.ports.bus,
    clock,
    secret: "a secret of the tests",
    tokenHours: 1,
    passwords,
    passwordsAllowed: true,
    provider: null,
  });
  const api = await openApi(test.db, { accounts }, domain);
  await test.db.insert(users).values(["ada", "bob", "root"].map((username) => ({
    username,
    displayName: username,
    passwordHash: "hash of it",
    admin: username === "root",
  })));
  const rows = await test.db.select().from(users);
  const ids = Object.fromEntries(rows.map(({ username, id }) => [username, id]));
  const as = async (token: string): Promise<Viewer> => {
    const viewer = await accounts.authenticate(token, "bearer");
    if (viewer === null) throw new Error("Nobody has this token");
    return viewer;
  };
  const viewer = async (username: string): Promise<Viewer> =>
    await as((await accounts.signIn({ username, password: "it", address: username })).token);
  const ask: Desk["ask"] = async (source, who = "root") => {
    const answer = await api.ask(source, {}, typeof who === "string" ? await viewer(who) : who);
    assert.equal(answer.errors, undefined, answer.errors?.[0]?.message);
    return answer.data;
  };
  const mutate: Desk["mutate"] = async (call, who) => (await ask(`mutation { answer: ${call} }`, who)).answer;
  const code: Desk["code"] = async (call, who) =>
    (await mutate(`${call} { ... on Error { code } }`, who)).code;
  return {
    api,
    accounts,
    ids,
    pass: (milliseconds) => void (now += milliseconds),
    viewer,
    as,
    named: (name) => eq(users.username, name),
    async project(slug, parent): Promise<void> {
      const above = parent === undefined ? "" : `, parent: "${parent}"`;
      assert.equal(
        await code(`createProject(input: { slug: "${slug}", name: "${slug}"${above} })`),
        undefined,
      );
    },
    async grant(project, name, role): Promise<void> {
      const userId = encodeId("User", ids[name] ?? 0);
      assert.equal(
        await code(`setMember(project: "${project}", userId: "${userId}", role: ${role})`),
        undefined,
      );
    },
    ask,
    mutate,
    code,
  };
}
