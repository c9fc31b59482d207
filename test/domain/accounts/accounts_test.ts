import { deepStrictEqual, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { eq } from "drizzle-orm";
import {
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
  UnauthenticatedError,
} from "../../../schema/errors.ts";
import type { Event } from "../../../schema/events.ts";
import type { Accounts, Viewer } from "../../../server/domain/accounts/interface.ts";
import { apiTokens, sessions, users } from "../../../schema/tables/user.ts";
import { createAccounts } from "../../../server/domain/accounts/accounts.ts";
import { createPasswords, type Passwords } from "../../../server/domain/accounts/passwords.ts";
import { createBus } from "../../../server/events/bus.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";

const PASSWORD = "correct horse";
const SECRET = "a secret of the tests";
const ADDRESS = "192.0.2.1";
const HOUR_MS = 3_600_000;
const START = Date.parse("2026-01-01T00:00:00.000Z");

Deno.test("signIn() gives a token that authenticate() knows until it expires", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);

  const signedIn = await desk.signIn("Ada", PASSWORD);
  const viewer = await desk.accounts.authenticate(signedIn.token, "cookie");
  desk.clock.pass(HOUR_MS - 1_000);
  const late = await desk.accounts.authenticate(signedIn.token, "bearer");
  desk.clock.pass(1_000);
  const after = await desk.accounts.authenticate(signedIn.token, "bearer");

  strictEqual(signedIn.expiresAt.getTime(), START + HOUR_MS);
  deepStrictEqual({ ...viewer, credentialId: "" }, {
    userId: signedIn.userId,
    username: "ada",
    admin: false,
    roles: new Map(),
    scopes: ["ADMINISTER"],
    limitedTo: null,
    via: "cookie",
    credentialId: "",
    expiresAt: signedIn.expiresAt,
    address: null,
  });
  strictEqual(late?.via, "bearer");
  strictEqual(after, null);
});

Deno.test("signIn() refuses an unknown user as it does a wrong password", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);

  const refusals = await Promise.all([
    ["ada", "wrong password"],
    ["nobody", "wrong password"],
    ["nobody\0", "wrong password"],
    ["", ""],
    ["ada", `${PASSWORD}${" ".repeat(5_000)}`],
    ["n".repeat(5_000), PASSWORD],
  ].map(([name = "", password = ""]) => desk.signIn(name, password).catch((error: unknown) => error)));

  for (const refusal of refusals) {
    ok(refusal instanceof UnauthenticatedError);
    strictEqual(refusal.message, "Cannot sign in: the user name or the password is wrong");
  }
  // What takes the time is one verification each.
  strictEqual(desk.verified(), refusals.length);
});

Deno.test("signIn() slows down who guesses, and says when to try again", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  await guess(desk, 10, "ada", ADDRESS);

  const refused = await desk.signIn("ada", PASSWORD).catch((error: unknown) => error);

  ok(refused instanceof LimitExceededError);
  ok((refused.retryAfterSeconds ?? 0) > 0);
  match(refused.message, /try again in \d+ s/);
  // The owner elsewhere is not kept out, and neither is somebody else here.
  await desk.signIn("ada", PASSWORD, "192.0.2.2");
  await rejects(desk.signIn("grace", "wrong"), UnauthenticatedError);
});

Deno.test("signIn() counts an address whatever names it tries", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  for (let name = 0; name < 50; name++) await guess(desk, 1, `name ${name}`, ADDRESS);

  await rejects(desk.signIn("ada", PASSWORD), LimitExceededError);

  await desk.signIn("ada", PASSWORD, "192.0.2.2");
});

Deno.test("signIn() lets the owner in while others guess, and the others guess less", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  for (let host = 0; host < 10; host++) await guess(desk, 10, "ada", `198.51.100.${host}`);

  await guess(desk, 2, "ada", "203.0.113.1");
  await rejects(desk.signIn("ada", PASSWORD, "203.0.113.1"), LimitExceededError);
  await desk.signIn("ada", PASSWORD);
});

Deno.test("signIn() forgets the guesses before a right one", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  for (let round = 0; round < 3; round++) {
    await guess(desk, 9, "ada", ADDRESS);

    await desk.signIn("ADA", PASSWORD);
  }
});

Deno.test("signOut() ends one session at once, and tells who listens", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const [left, right] = [await desk.signIn(), await desk.signIn()];
  const viewer = await desk.viewer(left.token);

  await desk.accounts.signOut(viewer);

  strictEqual(await desk.accounts.authenticate(left.token, "bearer"), null);
  ok(await desk.accounts.authenticate(right.token, "bearer"));
  deepStrictEqual(desk.ended(), [viewer.credentialId]);
});

Deno.test("signOut() ends an API token too, when the call was made with it", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const admin = await desk.viewer((await desk.signIn("root")).token);
  const made = await desk.accounts.createApiToken(admin, { name: "script", expiresAt: null });
  const viewer = await desk.viewer(made.token);

  await desk.accounts.signOut(viewer);

  strictEqual(await desk.accounts.authenticate(made.token, "bearer"), null);
  deepStrictEqual(desk.ended(), [viewer.credentialId]);
});

Deno.test("changePassword() ends all other sessions and prolongs this one", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const [own, other] = [await desk.signIn(), await desk.signIn()];
  const stranger = await desk.signIn("root");
  const viewer = await desk.viewer(own.token);
  const otherViewer = await desk.viewer(other.token);
  desk.clock.pass(HOUR_MS / 2);

  const changed = await desk.accounts.changePassword(viewer, {
    currentPassword: PASSWORD,
    newPassword: "battery staple",
    address: ADDRESS,
  });

  strictEqual(changed.expiresAt.getTime(), START + 1.5 * HOUR_MS);
  strictEqual((await desk.viewer(changed.token)).credentialId, viewer.credentialId);
  strictEqual(await desk.accounts.authenticate(other.token, "bearer"), null);
  ok(await desk.accounts.authenticate(stranger.token, "bearer"));
  deepStrictEqual(desk.ended(), [otherViewer.credentialId]);
  await rejects(desk.signIn("ada", PASSWORD), UnauthenticatedError);
  await desk.signIn("ada", "battery staple");
  const [row] = await test.db.select().from(users).where(eq(users.username, "ada"));
  strictEqual(row?.passwordChangeRequired, false);
});

Deno.test("changePassword() refuses a wrong present one, and counts it", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const viewer = await desk.viewer((await desk.signIn()).token);
  const change = (currentPassword: string): Promise<unknown> =>
    desk.accounts.changePassword(viewer, {
      currentPassword,
      newPassword: "battery staple",
      address: ADDRESS,
    });

  for (let count = 0; count < 10; count++) {
    await rejects(change("wrong password"), UnauthenticatedError);
  }

  await rejects(change(PASSWORD), LimitExceededError);
  strictEqual((await desk.viewer((await desk.signIn("ada", PASSWORD, "192.0.2.9")).token)).username, "ada");
});

for (
  const [what, newPassword] of [
    ["a short one", "1234567"],
    ["an endless one", "x".repeat(1_001)],
    ["the present one", PASSWORD],
    ["the user's name", "Ada Lovelace"],
  ] as const
) {
  Deno.test(`changePassword() refuses ${what} and says why`, async () => {
    await using test = await openTestDatabase();
    const desk = await openDesk(test);
    await test.db.update(users).set({ username: "ada lovelace" }).where(eq(users.username, "ada"));
    const { token } = await desk.signIn("ada lovelace");
    const viewer = await desk.viewer(token);
    const input = { currentPassword: PASSWORD, newPassword, address: ADDRESS };

    const refused = await desk.accounts.changePassword(viewer, input).catch((error: unknown) => error);

    ok(refused instanceof InvalidInputError);
    deepStrictEqual(refused.path, ["newPassword"]);
    ok(!refused.message.includes(newPassword.slice(0, 100)) || what === "the present one");
    await desk.signIn("ada lovelace");
  });
}

Deno.test(
  "createApiToken() keeps only a hash, and its token ends when it was told to",
  async () => {
    await using test = await openTestDatabase();
    const desk = await openDesk(test);
    const viewer = await desk.viewer((await desk.signIn()).token);
    const expiresAt = new Date(START + 2 * HOUR_MS);

    const made = await desk.accounts.createApiToken(viewer, { name: " nightly ", expiresAt });
    const other = await desk.accounts.createApiToken(viewer, { name: "for ever", expiresAt: null });
    const before = await desk.viewer(made.token);
    desk.clock.pass(2 * HOUR_MS);

    match(made.token, /^orrery_[\w-]{43}$/);
    notStrictEqual(made.token, other.token);
    deepStrictEqual(before.expiresAt, expiresAt);
    strictEqual(await desk.accounts.authenticate(made.token, "bearer"), null);
    strictEqual((await desk.viewer(other.token)).expiresAt, null);
    const rows = await test.db.select().from(apiTokens);
    ok(rows.every(({ tokenHash }) => !made.token.includes(tokenHash) && !tokenHash.includes(made.token)));
    strictEqual(rows.find(({ id }) => id === made.id)?.name, "nightly");
  },
);

for (
  const [what, name, expiresAt, path] of [
    ["an empty name", " ", null, ["name"]],
    ["a name of 201 characters", "n".repeat(201), null, ["name"]],
    ["a name that is taken", "taken", null, ["name"]],
    ["an end that is past", "late", new Date(START - 1), ["expiresAt"]],
    ["an end that is now", "now", new Date(START), ["expiresAt"]],
  ] as const
) {
  Deno.test(`createApiToken() refuses ${what}`, async () => {
    await using test = await openTestDatabase();
    const desk = await openDesk(test);
    const viewer = await desk.viewer((await desk.signIn()).token);
    await desk.accounts.createApiToken(viewer, { name: "taken", expiresAt: null });

    const refused = await desk.accounts.createApiToken(viewer, { name, expiresAt })
      .catch((error: unknown) => error);

    ok(refused instanceof InvalidInputError);
    deepStrictEqual(refused.path, path);
    strictEqual(await test.db.$count(apiTokens), 1);
  });
}

Deno.test("authenticate() notes when an API token was last used, once a minute", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const viewer = await desk.viewer((await desk.signIn()).token);
  const made = await desk.accounts.createApiToken(viewer, { name: "script", expiresAt: null });
  const lastUse = async (): Promise<number | null> => {
    const [row] = await test.db.select({ at: apiTokens.lastUsedAt }).from(apiTokens);
    return row?.at?.getTime() ?? null;
  };

  const never = await lastUse();
  await desk.viewer(made.token);
  const once = await lastUse();
  desk.clock.pass(59_999);
  await desk.viewer(made.token);
  const soonAfter = await lastUse();
  desk.clock.pass(1);
  await desk.viewer(made.token);

  deepStrictEqual([never, once, soonAfter], [null, START, START]);
  strictEqual(await lastUse(), START + 60_000);
});

Deno.test("createApiToken() refuses more tokens than the API lists", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const viewer = await desk.viewer((await desk.signIn()).token);
  await test.db.insert(apiTokens).values(
    Array.from({ length: 200 }, (_, index) => ({
      userId: viewer.userId,
      name: `token ${index}`,
      tokenHash: `hash ${index}`,
    })),
  );

  const refused = await desk.accounts.createApiToken(viewer, { name: "one more", expiresAt: null })
    .catch((error: unknown) => error);

  ok(refused instanceof InvalidInputError);
  strictEqual(await test.db.$count(apiTokens), 200);
});

Deno.test("createApiToken() makes no token that outlives the token that asks for it", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const person = await desk.viewer((await desk.signIn()).token);
  const [soon, later] = [new Date(START + HOUR_MS / 2), new Date(START + HOUR_MS)];
  const short = await desk.viewer(
    (await desk.accounts.createApiToken(person, { name: "short", expiresAt: soon })).token,
  );
  const endless = await desk.viewer(
    (await desk.accounts.createApiToken(person, { name: "endless", expiresAt: null })).token,
  );

  for (const expiresAt of [null, later]) {
    await rejects(desk.accounts.createApiToken(short, { name: "child", expiresAt }), (error) => {
      ok(error instanceof InvalidInputError);
      deepStrictEqual(error.path, ["expiresAt"]);
      return true;
    });
  }
  await desk.accounts.createApiToken(short, { name: "child", expiresAt: soon });
  await desk.accounts.createApiToken(endless, { name: "another", expiresAt: null });
});

Deno.test("revokeApiToken() ends one's own, an administrator anybody's", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const ada = await desk.viewer((await desk.signIn()).token);
  const root = await desk.viewer((await desk.signIn("root")).token);
  const own = await desk.accounts.createApiToken(ada, { name: "one", expiresAt: null });
  const second = await desk.accounts.createApiToken(ada, { name: "two", expiresAt: null });
  const others = await desk.accounts.createApiToken(root, { name: "one", expiresAt: null });

  await desk.accounts.revokeApiToken(ada, own.id);
  await desk.accounts.revokeApiToken(root, second.id);

  strictEqual(await desk.accounts.authenticate(own.token, "bearer"), null);
  strictEqual(await desk.accounts.authenticate(second.token, "bearer"), null);
  deepStrictEqual(desk.ended().map(withoutMark), [`token:${own.id}`, `token:${second.id}`]);
  // As one that is not there.
  await rejects(desk.accounts.revokeApiToken(ada, others.id), NotFoundError);
  ok(await desk.accounts.authenticate(others.token, "bearer"));
  await rejects(desk.accounts.revokeApiToken(ada, own.id), NotFoundError);
  await rejects(desk.accounts.revokeApiToken(ada, 0), NotFoundError);
});

Deno.test("revokeApiToken() ends the tokens that were made with it too, and no other", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const ada = await desk.viewer((await desk.signIn()).token);
  const make = async (maker: Viewer, name: string): Promise<{ id: number; token: string }> =>
    await desk.accounts.createApiToken(maker, { name, expiresAt: null });
  const parent = await make(ada, "parent");
  const child = await make(await desk.viewer(parent.token), "child");
  const grandchild = await make(await desk.viewer(child.token), "grandchild");
  const other = await make(ada, "other");

  await desk.accounts.revokeApiToken(ada, parent.id);

  for (const { token } of [parent, child, grandchild]) {
    strictEqual(await desk.accounts.authenticate(token, "bearer"), null);
  }
  ok(await desk.accounts.authenticate(other.token, "bearer"));
  deepStrictEqual(
    desk.ended().map(withoutMark).toSorted(),
    [parent, child, grandchild].map(({ id }) => `token:${id}`).toSorted(),
  );
});

Deno.test("authenticate() takes one statement, and none for what is no token", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const { token } = await desk.signIn();
  const viewer = await desk.viewer(token);
  const api = await desk.accounts.createApiToken(viewer, { name: "api", expiresAt: null });
  const cost = async (given: string): Promise<number> => {
    test.statements();
    await desk.accounts.authenticate(given, "bearer");
    return test.statements().length;
  };

  // The first use within a minute is noted; what comes after it costs no more than a session.
  await desk.viewer(api.token);
  deepStrictEqual([await cost(token), await cost(api.token)], [1, 1]);
  deepStrictEqual([await cost("rubbish"), await cost(""), await cost("x".repeat(1e6))], [0, 0, 0]);
});

Deno.test("a user who is gone is known by none of his tokens", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const { token, userId } = await desk.signIn();
  const api = await desk.accounts.createApiToken(await desk.viewer(token), {
    name: "api",
    expiresAt: null,
  });

  await test.db.delete(users).where(eq(users.id, userId));

  strictEqual(await desk.accounts.authenticate(token, "bearer"), null);
  strictEqual(await desk.accounts.authenticate(api.token, "bearer"), null);
  deepStrictEqual([await test.db.$count(sessions), await test.db.$count(apiTokens)], [0, 0]);
});

/** A token is named by its id, and by a mark of its secret. */
function withoutMark(credentialId: string): string {
  return credentialId.split(":").slice(0, 2).join(":");
}

interface Desk {
  readonly accounts: Accounts;
  readonly clock: { now(): number; pass(milliseconds: number): void };
  signIn(
    username?: string,
    password?: string,
    address?: string,
  ): ReturnType<Accounts["signIn"]>;
  viewer(token: string): Promise<Viewer>;
  /** How many passwords were verified. */
  verified(): number;
  /** Credentials whose end was told. */
  ended(): readonly string[];
}

/** Accounts with two users: ada, and root who is an administrator. */
async function openDesk({ db }: TestDatabase): Promise<Desk> {
  const bus = createBus();
  const events: Event[] = [];
  bus.subscribe((event) => void events.push(event));
  let now = START;
  const clock = { now: () => now, pass: (milliseconds: number) => void (now += milliseconds) };
  let verified = 0;
  const real = createPasswords();
  const passwords: Passwords = {
    hash: real.hash,
    verify: (hash, password) => {
      verified += 1;
      return real.verify(hash, password);
    },
  };
  const accounts = createAccounts({
    db,
    bus,
    clock,
    secret: SECRET,
    tokenHours: 1,
    passwords,
    passwordsAllowed: true,
    provider: null,
  });
  const passwordHash = await real.hash(PASSWORD);
  await db.insert(users).values([
    { username: "ada", displayName: "Ada", passwordHash, passwordChangeRequired: true },
    { username: "root", displayName: "Root", passwordHash, admin: true },
  ]);
  return {
    accounts,
    clock,
    signIn: (username = "ada", password = PASSWORD, address = ADDRESS) =>
      accounts.signIn({ username, password, address }),
    async viewer(token): Promise<Viewer> {
      const viewer = await accounts.authenticate(token, "bearer");
      if (viewer === null) throw new Error("Nobody has this token");
      return viewer;
    },
    verified: () => verified,
    ended: () => events.flatMap((event) => event.kind === "session" ? [event.credentialId] : []),
  };
}

async function guess(desk: Desk, count: number, username: string, address: string): Promise<void> {
  for (let done = 0; done < count; done++) {
    await rejects(desk.signIn(username, "wrong password", address), UnauthenticatedError);
  }
}

Deno.test("whatever somebody does with an account is in the audit log, and a failed sign-in once a minute", async () => {
  await using test = await openTestDatabase();
  const desk = await openDesk(test);
  const { accounts } = desk;

  for (const password of ["wrong password", "another one"]) await rejects(desk.signIn("ada", password));
  const { token } = await desk.signIn("ada", PASSWORD);
  const viewer = await accounts.authenticate(token, "bearer");
  ok(viewer !== null);
  const made = await accounts.createApiToken(viewer, { name: "script", expiresAt: null });
  await accounts.revokeApiToken(viewer, made.id);
  const newPassword = "a longer battery staple";
  await accounts.changePassword(viewer, { currentPassword: PASSWORD, newPassword, address: ADDRESS });
  await accounts.signOut(viewer);

  const entries = await test.sql`select action, subject, actor_name, actor_id is not null as known, changes
    from audit_entries order by id`;
  deepStrictEqual(entries.map(({ action, subject, known }) => [action, subject, known]), [
    ["signIn.failed", 'user "ada"', false],
    ["signIn", 'user "ada"', true],
    ["apiToken.create", 'API token "script"', true],
    ["apiToken.revoke", 'API token "script"', true],
    ["password.change", 'user "ada"', true],
    ["signOut", 'user "ada"', true],
  ]);
  const text = JSON.stringify(entries);
  for (const secret of [PASSWORD, newPassword, made.token, "wrong password"]) ok(!text.includes(secret));
});
