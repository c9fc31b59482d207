import assert from "node:assert/strict";
import { users } from "../../schema/tables/user.ts";
import { sqlState, uniqueViolation } from "../../server/db/constraints.ts";
import { openTestDatabase } from "../support/database.ts";

Deno.test(
  "uniqueViolation() knows the key by its name",
  async () => {
    await using test = await openTestDatabase();
    const user = { username: "ada", displayName: "Ada", passwordHash: "x" };
    await test.db.insert(users).values(user);

    const error: unknown = await test.db.insert(users).values({ ...user, username: "ADA" }).then(
      () => null,
      (e) => e,
    );

    assert.ok(uniqueViolation(error, "users_username_key"));
    assert.ok(!uniqueViolation(error, "users_pkey"));
    assert.equal(sqlState(error), "23505");
  },
);

Deno.test("sqlState() tells a refused check, inside a transaction too", {}, async () => {
  await using test = await openTestDatabase();
  const nameless = { username: "", displayName: "", passwordHash: "x" };

  const error: unknown = await test.db.transaction((tx) => tx.insert(users).values(nameless)).then(
    () => null,
    (reason) => reason,
  );

  assert.equal(sqlState(error), "23514");
  assert.ok(!uniqueViolation(error, "users_username_length"));
});

Deno.test("sqlState() answers null for what is not the database's", () => {
  assert.equal(sqlState(new Error("no")), null);
  assert.equal(sqlState(Object.assign(new Error("refused"), { code: "ECONNREFUSED" })), null);
  assert.equal(sqlState("23505"), null);
  assert.equal(sqlState(null), null);
});
