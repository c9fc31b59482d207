/**
 * Lines that are not complete yet: a prompt, dots, a progress bar. The agent reports them, of all attempts at
 * once, and again when they changed. They are stored like any other line once they are complete, so nothing depends on
 * these reports.
 */
import type { LogStream } from "../../../schema/states.ts";
import { type Attempt, monotonicMs, type OutputFile } from "../attempt.ts";
import { formatPartial } from "./lines.ts";
import { MAX_FORM_BYTES, type Redactor } from "./redactor.ts";
import type { Clock } from "../options.ts";
import type { AgentServer, PartialLine } from "../port.ts";
import { openTaskFile } from "../spool/task_file.ts";

/** Most lines are written in one piece, or completed soon: what does not stand so long is not worth a report. */
const STANDS_MS = 300;
const REPORT_PAUSE_MS = 1000;
/** So much of the end of a line is shown. */
const PARTIAL_BYTES = 4096;

interface PartialLines {
  /** Reports what changed since the last report. Answers whether the server shows any. */
  look(living: readonly Attempt[]): boolean;
}

/** As it was reported. */
interface Shown extends PartialLine {
  /** Of the stream; -1 when the report failed. */
  readonly size: number;
}

interface PartialLinesParts {
  readonly agentId: number;
  readonly server: AgentServer;
  readonly clock: Clock;
}

export function createPartialLines({ agentId, server, clock }: PartialLinesParts): PartialLines {
  const shown = new Map<OutputFile, Shown>();
  let nextMs = 0;
  let underWay = false;

  function collectChanges(living: readonly Attempt[]): ReadonlyMap<OutputFile, Shown> {
    const changes = new Map<OutputFile, Shown>();
    const gone = new Map(shown);
    const now = clock.now();
    for (const attempt of living) {
      for (const stream of ["STDOUT", "STDERR"] as const) {
        const output = stream === "STDOUT" ? attempt.out : attempt.err;
        const known = shown.get(output);
        const line = stands(output, now)
          ? readLine(attempt.id, stream, output, attempt.redactor, known)
          : null;
        if (line === null) continue;
        gone.delete(output);
        if (line !== known) changes.set(output, line);
      }
    }
    for (const [output, line] of gone) changes.set(output, { ...line, text: "" });
    return changes;
  }

  async function report(changes: ReadonlyMap<OutputFile, Shown>): Promise<void> {
    for (const [output, line] of changes) {
      if (line.text === "") shown.delete(output);
      else shown.set(output, line);
    }
    try {
      await server.showPartialLines(agentId, [...changes.values()].map(({ size: _, ...line }) => line));
    } catch {
      // The server is away, which others log. What stands when it is back is reported then.
      for (const [output, line] of changes) shown.set(output, { ...line, size: -1 });
    }
    underWay = false;
  }

  return {
    look(living): boolean {
      const nowMs = monotonicMs();
      if (underWay || nowMs < nextMs) return shown.size > 0;
      const changes = collectChanges(living);
      nextMs = nowMs + (changes.size > 0 ? REPORT_PAUSE_MS : STANDS_MS);
      underWay = changes.size > 0;
      if (underWay) void report(changes);
      return shown.size > 0;
    },
  };
}

/** True when there are bytes behind all that was handed over, and for some time. */
function stands({ size, sent, taken, fault, cut, growth }: OutputFile, now: number): boolean {
  if (size <= sent || taken !== sent || fault !== null || cut !== null) return false;
  const ageMs = now - (growth[0]?.at ?? now);
  // Below zero: the clock was set back.
  return ageMs < 0 || ageMs >= STANDS_MS;
}

/** What is known when nothing was added; null when a line is complete. */
function readLine(
  attemptId: number,
  stream: LogStream,
  output: OutputFile,
  redactor: Redactor | null,
  known: Shown | undefined,
): Shown | null {
  const { size, sent: from, growth } = output;
  if (known?.from === from && known.size === size) return known;
  const text = readEnd(output, redactor);
  return text === null ? null : { attemptId, stream, from, at: growth.at(-1)?.at ?? 0, text, size };
}

function readEnd({ path, size, sent }: OutputFile, redactor: Redactor | null): string | null {
  const from = Math.max(sent, size - PARTIAL_BYTES - (redactor === null ? 0 : MAX_FORM_BYTES));
  const bytes = new Uint8Array(size - from);
  try {
    using file = openTaskFile(path);
    const length = file?.read(bytes, from) ?? 0;
    return formatPartial(bytes.subarray(0, length), from > sent, redactor);
  } catch {
    // The next look at the file finds that out and reports it.
    return null;
  }
}
