import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Database } from "../../../server/db/database.ts";
import { users } from "../../../schema/tables/user.ts";
import { ensureAdmin, type FirstAdminParts } from "../../../server/domain/accounts/first_admin.ts";
import { createPasswords } from "../../../server/domain/accounts/passwords.ts";
import { writeSecret } from "../../../server/kept_secrets.ts";
import { openDatabase } from "../../../server/db/open.ts";
import { createTestLog, openTestDatabase } from "../../support/database.ts";

const passwords = createPasswords();

Deno.test("ensureAdmin() writes a random password into a file of its owner's alone", async () => {
  await using test = await openTestDatabase();
  const start = await openStart(test.db);

  await ensureAdmin(start.parts);

  const path = join(start.dataDir, "first-password");
  const password = (await Deno.readTextFile(path)).trim();
  strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  match(password, /^[\w-]{24}$/);
  strictEqual(start.printed.length, 1);
  match(start.printed.join(), new RegExp(path));
  doesNotMatch(start.printed.join(), new RegExp(password));
  deepStrictEqual(await admins(test.db, password), [{ username: "admin", right: true, change: true }]);
  await start.close();
});

Deno.test("ensureAdmin() shows it once on a terminal, and keeps it nowhere", async () => {
  await using test = await openTestDatabase();
  const start = await openStart(test.db, { terminal: true });

  await ensureAdmin(start.parts);
  await ensureAdmin(start.parts);

  strictEqual(start.printed.length, 1);
  const password = /password "([\w-]{24})"/.exec(start.printed.join())?.[1] ?? "";
  deepStrictEqual(await admins(test.db, password), [{ username: "admin", right: true, change: true }]);
  deepStrictEqual(await Array.fromAsync(Deno.readDir(start.dataDir)), []);
  await start.close();
});

Deno.test("ensureAdmin() takes the password of the settings, the first time only", async () => {
  await using test = await openTestDatabase();
  const start = await openStart(test.db, { adminPassword: "from the settings" });

  await ensureAdmin(start.parts);
  await ensureAdmin({ ...start.parts, adminPassword: "another" });

  deepStrictEqual(start.printed, []);
  deepStrictEqual(await Array.fromAsync(Deno.readDir(start.dataDir)), []);
  deepStrictEqual(await admins(test.db, "from the settings"), [
    { username: "admin", right: true, change: false },
  ]);
  await start.close();
});

Deno.test("ensureAdmin() refuses a password of the settings that is guessed first, by the setting's name", async () => {
  await using test = await openTestDatabase();
  const start = await openStart(test.db, { adminPassword: "Passw0rd!" });

  await rejects(() => ensureAdmin(start.parts), /Cannot use ORRERY_ADMIN_PASSWORD: /);

  strictEqual(await test.db.$count(users), 0);
  await start.close();
});

Deno.test("ensureAdmin() makes no account whose password it could not tell", async () => {
  await using test = await openTestDatabase();
  const start = await openStart(test.db);
  const failing = { ...start.parts, writeSecret: () => Promise.reject(new Error("The disk is full")) };

  await rejects(ensureAdmin(failing), /The disk is full/);
  const left = await test.db.$count(users);
  await ensureAdmin(start.parts);

  strictEqual(left, 0);
  const password = (await Deno.readTextFile(join(start.dataDir, "first-password"))).trim();
  deepStrictEqual(await admins(test.db, password), [{ username: "admin", right: true, change: true }]);
  await start.close();
});

Deno.test("ensureAdmin() replaces a file that a killed start left behind", async () => {
  await using test = await openTestDatabase();
  const start = await openStart(test.db);
  const path = join(start.dataDir, "first-password");
  await Deno.writeTextFile(path, "of the killed start\n");

  await ensureAdmin(start.parts);

  const password = (await Deno.readTextFile(path)).trim();
  deepStrictEqual(await admins(test.db, password), [{ username: "admin", right: true, change: true }]);
  strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  await start.close();
});

Deno.test("ensureAdmin() of two servers at once tells the one password that holds", async () => {
  await using test = await openTestDatabase();
  const starts = [await openStart(test.db, { terminal: true })];
  const second = await openDatabase({ url: test.url, dataDir: "", log: createTestLog() });
  starts.push(await openStart(second.db, { terminal: true }));

  await Promise.all(starts.map(({ parts }) => ensureAdmin(parts)));

  const printed = starts.flatMap((start) => start.printed);
  strictEqual(printed.length, 1);
  const password = /password "([\w-]{24})"/.exec(printed.join())?.[1] ?? "";
  deepStrictEqual(await admins(test.db, password), [{ username: "admin", right: true, change: true }]);
  await second.close();
  for (const start of starts) await start.close();
});

interface Start {
  readonly parts: FirstAdminParts;
  readonly dataDir: string;
  readonly printed: string[];
  close(): Promise<void>;
}

async function openStart(db: Database, given: Partial<FirstAdminParts> = {}): Promise<Start> {
  const dataDir = await Deno.makeTempDir({ prefix: "orrery-first-admin-" });
  const printed: string[] = [];
  return {
    dataDir,
    printed,
    parts: {
      db,
      passwords,
      adminPassword: null,
      dataDir,
      terminal: false,
      print: (text) => void printed.push(text),
      writeSecret,
      ...given,
    },
    close: () => Deno.remove(dataDir, { recursive: true }),
  };
}

/** Every account, and whether this is its password. */
async function admins(
  db: Database,
  password: string,
): Promise<readonly { readonly username: string; readonly right: boolean; readonly change: boolean }[]> {
  const rows = await db.select().from(users);
  return await Promise.all(rows.map(async ({ username, passwordHash, passwordChangeRequired }) => ({
    username,
    right: await passwords.verify(passwordHash, password),
    change: passwordChangeRequired,
  })));
}
