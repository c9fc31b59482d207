/**
 * Opens the bundled database as a server does, says "open", and holds it until it is killed. With --write it commits
 * one number after another and says each once it is committed. A refusal goes to standard error, as from the server.
 */
import { lockDataDirectory } from "../../server/db/data_lock.ts";
import { openDatabase } from "../../server/db/open.ts";
import { createLog } from "../../server/log.ts";
import { StartError } from "../../server/start_error.ts";

const WRITERS = 4;

const [dataDir = "", mode] = Deno.args;
const text = new TextEncoder();
const say = (line: string): void => void Deno.stdout.writeSync(text.encode(`${line}\n`));

try {
  await lockDataDirectory(dataDir);
  const { sql } = await openDatabase({ url: null, dataDir, log: createLog("info") });
  await sql`create table if not exists written (number integer primary key)`;
  say("open");
  let next = 1;
  if (mode === "--write") {
    await Promise.all(Array.from({ length: WRITERS }, async () => {
      while (true) {
        const number = next++;
        await sql`insert into written values (${number})`;
        say(String(number));
      }
    }));
  }
  // Nothing else keeps it alive.
  setInterval(() => {}, 60_000);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  Deno.stderr.writeSync(text.encode(`${error.message}\n`));
  Deno.exit(1);
}
