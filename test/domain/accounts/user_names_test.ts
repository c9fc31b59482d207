import { strictEqual } from "node:assert/strict";
import { users } from "../../../schema/tables/user.ts";
import { findUser, foldUserName } from "../../../server/domain/accounts/user_names.ts";
import { openTestDatabase } from "../../support/database.ts";

const alike = [
  ["Alice", "ALICE"],
  ["JÜRGEN", "jürgen"],
  ["JU\u0308RGEN", "jürgen"],
  ["ΟΔΥΣΣΕΥΣ", "οδυσσευς"],
  ["οδυσσευσ", "Οδυσσεύς".normalize("NFD").replaceAll("\u0301", "")],
  ["İpek", "İPEK"],
  ["Straße", "STRASSE"],
  ["Жанна", "ЖАННА"],
] as const;
for (const [one, other] of alike) {
  Deno.test(`foldUserName() takes ${one} and ${other} for one name`, () => {
    strictEqual(foldUserName(one), foldUserName(other));
  });
}

Deno.test("findUser() finds each name as it was given and in the other case, and no other", async () => {
  await using test = await openTestDatabase();
  const names = alike.map(([name]) => name).filter((name) => name !== "JU\u0308RGEN" && name !== "οδυσσευσ");
  await test.db.insert(users).values(
    names.map((username) => ({ username, displayName: username, passwordHash: "none" })),
  );

  for (const name of names) {
    for (const asked of [name, name.toUpperCase(), name.toLowerCase()]) {
      strictEqual((await findUser(test.db, asked))?.username, name, asked);
    }
  }
  for (const asked of ["", "alic", "alice ", "%", "jurgen", "nobody\0"]) {
    strictEqual(await findUser(test.db, asked), undefined, asked);
  }
});

Deno.test("findUser() prefers the exact name where a database took two for different ones", async () => {
  await using test = await openTestDatabase();
  await test.db.execute("drop index users_username_key");
  await test.db.insert(users).values(
    ["JÜRGEN", "jürgen"].map((username) => ({ username, displayName: username, passwordHash: "none" })),
  );

  strictEqual((await findUser(test.db, "jürgen"))?.username, "jürgen");
  strictEqual((await findUser(test.db, "JÜRGEN"))?.username, "JÜRGEN");
});
