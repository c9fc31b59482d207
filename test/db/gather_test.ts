import assert from "node:assert/strict";
import { gatherCalls } from "../../server/db/gather.ts";

function setUp(atOnce: number): {
  readonly call: (value: number) => Promise<number>;
  readonly batches: (readonly number[])[];
  /** Answers what is under way. */
  readonly go: (fault?: Error) => Promise<void>;
} {
  const batches: (readonly number[])[] = [];
  let under = Promise.withResolvers<void>();
  const call = gatherCalls<number, number>(async (values) => {
    batches.push(values);
    await under.promise;
    return values.map((value) => value < 0 ? new Error(`refused ${value}`) : value * 10);
  }, atOnce);
  return {
    call,
    batches,
    async go(fault): Promise<void> {
      const { resolve, reject } = under;
      under = Promise.withResolvers();
      if (fault === undefined) resolve();
      else reject(fault);
      await new Promise((done) => setTimeout(done));
    },
  };
}

Deno.test("gatherCalls() answers the first at once, and together those that come meanwhile", async () => {
  const { call, batches, go } = setUp(2);
  const first = call(1);
  await new Promise((done) => setTimeout(done));
  const others = [2, 3, 4].map(call);
  await go();
  await go();

  assert.deepEqual(await Promise.all([first, ...others]), [10, 20, 30, 40]);
  assert.deepEqual(batches, [[1], [2, 3], [4]]);
});

Deno.test("gatherCalls() tells an error to its caller, a fault to all of its batch, and goes on", async () => {
  const { call, go } = setUp(10);
  const first = [call(1), call(-1)];
  await new Promise((done) => setTimeout(done));
  const second = [call(2), call(3)];
  const results = Promise.allSettled([...first, ...second]);
  await go();
  await go(new Error("database away"));
  const last = call(4);
  await new Promise((done) => setTimeout(done));
  await go();

  const told = (await results).map((result) =>
    result.status === "fulfilled" ? result.value : result.reason.message
  );
  assert.deepEqual(told, [10, "refused -1", "database away", "database away"]);
  assert.equal(await last, 40);
});
