/** Many stored lines, made by the database from a few chunks: what searching and dropping are measured on. */
import type { OpenDatabase } from "../../server/db/open.ts";
import { CHUNK_CHARACTERS, packPassages } from "../../server/domain/logs/chunk.ts";
import { ensurePartitions } from "../../server/domain/logs/partitions.ts";
import { chunkTrigrams } from "../../server/domain/logs/trigrams.ts";
import { createRandom } from "../support/random.ts";
import type { BenchContext } from "./bench.ts";

export const LINE_CHARACTERS = 99;
/** Lines of one chunk. */
export const CHUNK_LINES = Math.floor(CHUNK_CHARACTERS / (LINE_CHARACTERS + 1));
export const COMMON_WORD = "connection";
/** In one chunk, in the middle of them all. */
export const RARE_WORD = "zirconium";
export const ABSENT_WORD = "quetzalcoatl";

/** Different chunks; the rest are copies. */
const PATTERNS = 64;
const WORDS =
  ("accepted request response took bytes worker started stopped retry timeout queue cache miss hit user session " +
    "database query rows disk memory scheduled finished warning error failed opened closed refused written")
    .split(" ");

export const ATTEMPTS = 1000;
export const DAYS = 30;
/** UTC midnight of the last day. */
export const LAST_DAY = Date.UTC(2026, 0, 30);
const DAY_MS = 86_400_000;
/** ensurePartitions() makes so many at once. */
const DAYS_AT_ONCE = 3;

/** A database that holds so many lines, of each day and each attempt as many. */
export async function openLines(context: BenchContext, lines: number): Promise<OpenDatabase> {
  const opened = await context.openDatabase();
  for (let day = DAYS - 1; day >= 0; day -= DAYS_AT_ONCE) {
    await ensurePartitions(opened.db, new Date(LAST_DAY - day * DAY_MS));
  }
  await fillChunks(opened, Math.ceil(lines / CHUNK_LINES));
  return opened;
}

async function fillChunks({ sql }: OpenDatabase, chunks: number): Promise<void> {
  await sql`create unlogged table bench_patterns (place integer, streams text, delays bigint[], body text, trigrams bit(8192))`;
  for (let place = 0; place <= PATTERNS; place++) {
    const { streams, delays, body } = makePattern(place);
    await sql`insert into bench_patterns
      values (${place}, ${streams}, ${`{${delays.join(",")}}`}::text::bigint[], ${body},
        ${chunkTrigrams(body)}::text::bit(8192))`;
  }
  const perAttempt = Math.ceil(chunks / ATTEMPTS);
  const perDay = chunks / DAYS;
  const rare = Math.floor(chunks / 2);
  const firstDay = LAST_DAY - (DAYS - 1) * DAY_MS;
  await sql`
    insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id,
      container_id, project_id, first_at, last_at, streams, delays, body, trigrams)
    select (at at time zone 'UTC')::date, a, s * ${CHUNK_LINES}::integer + 1, ${CHUNK_LINES}, 1, a, a, a % 100 + 1,
      a % 50 + 1, 1, at, at + interval '1 second', streams, delays, body, trigrams
    from (
      select n, n / ${perAttempt}::integer + 1 as a, n % ${perAttempt}::integer as s,
        to_timestamp((${firstDay}::float8 + n * ${DAY_MS}::float8 / ${perDay}::float8) / 1000) as at
      from generate_series(0, ${chunks - 1}::integer) n
    ) numbered
    join bench_patterns p on p.place = case when n = ${rare}::integer then ${PATTERNS}::integer
      else n % ${PATTERNS}::integer end`;
  await sql`drop table bench_patterns`;
  await sql.unsafe("vacuum analyze log_chunks");
}

function makePattern(place: number): { streams: string; delays: readonly number[]; body: string } {
  const random = createRandom(place + 1);
  const lines = Array.from({ length: CHUNK_LINES }, (_, number) => {
    const rare = place === PATTERNS && number === 0 ? `${RARE_WORD} ` : "";
    const start = `2026-01-01T00:00:${random.below(60)}.${random.below(1000)}Z INFO ${rare}${COMMON_WORD} `;
    const words = Array.from({ length: 12 }, () => `${random.pick(WORDS)}=${random.below(100_000)}`);
    const text = (start + words.join(" ")).slice(0, LINE_CHARACTERS);
    return { seq: number + 1, at: number, stream: "STDOUT" as const, count: 1, text };
  });
  const [chunk] = packPassages(lines);
  if (chunk === undefined) throw new Error("A pattern has no lines");
  return chunk;
}
