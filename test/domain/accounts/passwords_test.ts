import { match, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { LimitExceededError } from "../../../schema/errors.ts";
import { createPasswords } from "../../../server/domain/accounts/passwords.ts";

Deno.test("hash() makes an argon2id hash that verify() knows, another one each time", async () => {
  const passwords = createPasswords();

  const [one, two] = [await passwords.hash("päßwörd 🗝"), await passwords.hash("päßwörd 🗝")];

  match(one, /^\$argon2id\$/);
  notStrictEqual(one, two);
  ok(await passwords.verify(one, "päßwörd 🗝"));
  strictEqual(await passwords.verify(one, "päßwörd"), false);
});

Deno.test("verify() is false for a user who does not exist, whatever the password", async () => {
  const passwords = createPasswords();

  strictEqual(await passwords.verify(null, ""), false);
});

Deno.test("verify() refuses at once when too many wait, and takes more afterwards", async () => {
  const passwords = createPasswords();
  const hash = await passwords.hash("password");

  const all = await Promise.allSettled(
    Array.from({ length: 150 }, () => passwords.verify(hash, "password")),
  );

  const refused = all.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
  ok(refused.length > 0 && refused.length < 100);
  ok(refused.every((reason) => reason instanceof LimitExceededError && reason.retryAfterSeconds !== null));
  ok(await passwords.verify(hash, "password"));
  await rejects(passwords.verify("no hash", "password"));
  ok(await passwords.verify(hash, "password"));
});
