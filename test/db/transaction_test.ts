import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { settings } from "../../schema/tables/project.ts";
import { sqlState } from "../../server/db/constraints.ts";
import { type Transaction, transaction } from "../../server/db/transaction.ts";
import { openTestDatabase } from "../support/database.ts";

/** Fails as the database does when two transactions are in each other's way. */
async function raise(tx: Transaction, state: string): Promise<void> {
  await tx.execute(sql.raw(`do $$ begin raise exception 'in the way' using errcode = '${state}'; end $$`));
}

Deno.test("transaction() runs effects in order after the commit", async () => {
  await using test = await openTestDatabase();
  const order: string[] = [];

  const result = await transaction(test.db, async (tx, after) => {
    after(() => order.push("first"));
    await tx.insert(settings).values({ key: "a", value: "1" });
    after(() => order.push("second"));
    order.push("work");
    return 7;
  });

  assert.equal(result, 7);
  assert.deepEqual(order, ["work", "first", "second"]);
  assert.equal((await test.db.select().from(settings)).length, 1);
});

Deno.test(
  "transaction() runs no effect and writes nothing when its work fails",
  async () => {
    await using test = await openTestDatabase();
    const effects: string[] = [];
    const fault = new Error("a fault");

    const failing = transaction(test.db, async (tx, after) => {
      after(() => effects.push("effect"));
      await tx.insert(settings).values({ key: "a", value: "1" });
      throw fault;
    });

    await assert.rejects(failing, fault);
    assert.deepEqual(effects, []);
    assert.deepEqual(await test.db.select().from(settings), []);
  },
);

Deno.test(
  "transaction() runs no effect when the commit itself fails",
  async () => {
    await using test = await openTestDatabase();
    await test.sql`create table parent (id integer primary key)`;
    await test.sql`create table child (id integer references parent deferrable initially deferred)`;
    const effects: string[] = [];

    const failing = transaction(test.db, async (tx, after) => {
      after(() => effects.push("effect"));
      await tx.execute(sql`insert into child values (1)`);
    });

    await assert.rejects(failing, (error) => sqlState(error) === "23503");
    assert.deepEqual(effects, []);
  },
);

for (const state of ["40001", "40P01"]) {
  Deno.test(
    `transaction() tries again after ${state}, without the first try's effects`,
    async () => {
      await using test = await openTestDatabase();
      const effects: number[] = [];
      let tries = 0;

      await transaction(test.db, async (tx, after) => {
        const number = ++tries;
        after(() => effects.push(number));
        await tx.insert(settings).values({ key: "try", value: String(number) });
        if (number < 3) await raise(tx, state);
      });

      assert.deepEqual(effects, [3]);
      assert.deepEqual(await test.db.select().from(settings), [{ key: "try", value: "3" }]);
    },
  );
}

Deno.test(
  "transaction() gives up after six tries, and at once for another fault",
  async () => {
    await using test = await openTestDatabase();
    const count = async (state: string): Promise<number> => {
      let tries = 0;
      const failing = transaction(test.db, async (tx) => {
        tries++;
        await raise(tx, state);
      });
      await assert.rejects(failing, (error) => sqlState(error) === state);
      return tries;
    };

    assert.equal(await count("40001"), 6);
    assert.equal(await count("23514"), 1);
  },
);

Deno.test("transaction() lets many run side by side", async () => {
  await using test = await openTestDatabase();
  await test.db.insert(settings).values({ key: "count", value: "0" });

  await Promise.all(Array.from({ length: 50 }, () =>
    transaction(test.db, async (tx) => {
      const [row] = await tx.select().from(settings).for("update");
      await tx.update(settings).set({ value: String(Number(row?.value) + 1) });
    })));

  assert.deepEqual(await test.db.select().from(settings), [{ key: "count", value: "50" }]);
});

Deno.test(
  "transaction() survives a real deadlock",
  async () => {
    await using test = await openTestDatabase();
    await test.db.insert(settings).values([{ key: "a", value: "0" }, { key: "b", value: "0" }]);
    const met = Promise.withResolvers<void>();
    let waiting = 0;
    const lockBoth = (first: string, second: string): Promise<void> =>
      transaction(test.db, async (tx) => {
        await tx.execute(sql`update settings set value = value || ${first} where key = ${first}`);
        if (++waiting === 2) met.resolve();
        await met.promise;
        await tx.execute(sql`update settings set value = value || ${first} where key = ${second}`);
      });

    await Promise.all([lockBoth("a", "b"), lockBoth("b", "a")]);

    assert.ok(waiting > 2, "nobody had to try again");
    const values = (await test.db.select().from(settings)).map(({ value }) => value.length);
    assert.deepEqual(values, [3, 3]);
  },
);
