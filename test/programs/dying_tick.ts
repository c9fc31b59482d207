/**
 * One tick on a database, in a process that is killed on the way: when it is about to send its n-th statement, when it is
 * about to commit ("commit"), or when it has committed and tells the first of it ("told"). It says what it found, and
 * "done" when it outlived its tick.
 */
import { sql } from "drizzle-orm";
import { openDatabase } from "../../server/db/open.ts";
import { createPlacements } from "../../server/domain/runs/placements.ts";
import { createDefinitions } from "../../server/domain/containers/definitions.ts";
import { fireDueSchedules } from "../../server/domain/schedules/fire_schedules.ts";
import { createBus } from "../../server/events/bus.ts";
import { createLog } from "../../server/log.ts";

const [url = "", point = ""] = Deno.args;
const text = new TextEncoder();
let sent: number | null = null;

const say = (line: string): void => void Deno.stdout.writeSync(text.encode(`${line}\n`));
const die = (): void => Deno.kill(Deno.pid, "SIGKILL");

const { db, close } = await openDatabase({
  url,
  dataDir: "",
  log: createLog("error"),
  onStatement: () => {
    if (sent !== null && String(++sent) === point) die();
  },
});
const [found] = await db.execute(sql`
  select (select count(*) from slots)::int as slots, (select count(*) from runs)::int as runs,
    (select count(*) from task_runs)::int as "taskRuns",
    (select count(*) from schedules where next_fire_at <= clock_timestamp())::int as due`);
say(JSON.stringify(found));

const bus = createBus();
bus.subscribe(() => {
  if (point === "told") die();
});
const dying: typeof db = new Proxy(db, {
  get(target, property, receiver): unknown {
    if (property !== "transaction") return Reflect.get(target, property, receiver);
    return (work: Parameters<typeof db.transaction>[0]) =>
      target.transaction(async (tx) => {
        const result = await work(tx);
        if (point === "commit") die();
        return result;
      });
  },
});
sent = 0;
await fireDueSchedules({
  db: dying,
  bus,
  definitions: createDefinitions(dying),
  placements: createPlacements(),
  limits: { shortestGapSeconds: 1, missedAfterSeconds: 5 },
});
say("done");
await close();
