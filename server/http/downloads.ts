/**
 * /download: the stored output of an attempt, or of a task run with all its attempts, as a file. It is read as fast as
 * it is taken: behind a slow client there is one piece, and a client that goes away ends the reading.
 */
import { visibleTo } from "../domain/accounts/visible.ts";
import type { App } from "../domain/interface.ts";
import type { DownloadTarget, LogDownload, LogRow } from "../domain/logs/interface.ts";
import { decodeId, NO_ID } from "../../schema/ids.ts";
import { say } from "../../schema/sentences.ts";
import { refusal, wrongMethod } from "./answers.ts";
import { type Held, type Lifetimes, tooManyStreams } from "./lifetimes.ts";
import type { Caller } from "./caller.ts";

const PATH = /^\/download\/(attempts|task-runs)\/([^/]+)$/;
/** Of each part of the file's name; a file system takes 255 bytes. */
const NAME_CHARACTERS = 60;

const formats = {
  text: { type: "text/plain; charset=utf-8", extension: "log", write: writeText },
  ndjson: { type: "application/x-ndjson; charset=utf-8", extension: "ndjson", write: writeNdjson },
} as const;
type Format = keyof typeof formats;

interface DownloadParts {
  readonly app: App;
  readonly lifetimes: Lifetimes;
}

export async function answerDownload(
  { app, lifetimes }: DownloadParts,
  request: Request,
  caller: Caller,
): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") return wrongMethod("GET, HEAD");
  if (caller.viewer === null) return refusal("UNAUTHENTICATED", say("DOWNLOAD_STRANGER"));
  const { pathname, searchParams } = new URL(request.url);
  const format = searchParams.get("format") ?? "text";
  if (!isFormat(format)) {
    return refusal("INVALID_INPUT", say("DOWNLOAD_FORMAT", { format }));
  }
  const target = readTarget(pathname);
  const download = target === null ? null : await app.logs.download(visibleTo(caller.viewer), target);
  if (download === null) return refusal("NOT_FOUND", say("DOWNLOAD_UNKNOWN"));
  const headers = headersOf(download, format);
  if (request.method === "HEAD") return new Response(null, { headers });
  const held = lifetimes.hold(caller.viewer, caller.stillKnown);
  if (held === null) return tooManyStreams();
  return new Response(streamOf(download.pieces, formats[format].write, held), { headers });
}

function isFormat(format: string): format is Format {
  return Object.hasOwn(formats, format);
}

function readTarget(pathname: string): DownloadTarget | null {
  const [, noun, text = ""] = PATH.exec(pathname) ?? [];
  const kind = noun === "attempts" ? "attempt" : "taskRun";
  const id = decodeId(kind === "attempt" ? "Attempt" : "TaskRun", text);
  return id === NO_ID ? null : { kind, id };
}

function headersOf(download: LogDownload, format: Format): Record<string, string> {
  const { type, extension } = formats[format];
  return {
    "content-type": type,
    "content-disposition": dispositionOf(`${nameOf(download)}.${extension}`),
    // For this viewer alone, and nothing on the way may collect it.
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
  };
}

/** E.g. Machine-report-join-2026-01-01T04-00-00Z-attempt-2 */
function nameOf({ containerName, taskName, runCreatedAt, attempt }: LogDownload): string {
  const at = runCreatedAt.toISOString().replace(/\.\d+/, "").replaceAll(":", "-");
  const parts = [containerName, taskName].map((name) =>
    name.replaceAll(/[^\p{L}\p{N}._]+/gu, "-").replace(/^[-.]+/, "").slice(0, NAME_CHARACTERS)
  );
  return [...parts, at, ...attempt === null ? [] : [`attempt-${attempt}`]].filter((part) => part !== "").join(
    "-",
  );
}

/** The name twice, as RFC 6266 has it: plain for all, and whole for those that read UTF-8. */
function dispositionOf(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name.toWellFormed())}`;
}

/** What ends it before its time is told by an error: a file that is cut off must not look whole. */
export function streamOf<Row>(
  pieces: AsyncIterable<readonly Row[]>,
  write: (rows: readonly Row[]) => string,
  held: Held,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller): void {
      const end = (): void => controller.error(new Error("The download was ended"));
      if (held.signal.aborted) end();
      else held.signal.addEventListener("abort", end);
    },
    async pull(controller): Promise<void> {
      // A reading that fails ends the stream with the same fault.
      const step = await iterator.next().catch((error: unknown) => {
        controller.error(error);
        held.release();
        throw error;
      });
      if (held.signal.aborted) return;
      if (step.done !== true) return controller.enqueue(encoder.encode(write(step.value)));
      controller.close();
      held.release();
    },
    async cancel(): Promise<void> {
      held.release();
      await iterator.return?.();
    },
  }, { highWaterMark: 0 });
}

function writeText(rows: readonly LogRow[]): string {
  return rows.map(({ text }) => `${text}\n`).join("");
}

function writeNdjson(rows: readonly LogRow[]): string {
  return rows.map(({ attempt, seq, at, stream, text }) =>
    `${JSON.stringify({ attempt, seq, at: at.toISOString(), stream, text })}\n`
  ).join("");
}
