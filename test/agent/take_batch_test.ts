/** What goes into a batch, from files whose growth is told by the test. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { type Attempt, createAttempt, monotonicMs, type OutputFile } from "../../server/agent/attempt.ts";
import {
  acknowledgeBatch,
  measureFile,
  takeBack,
  takeBatch,
  type TakenBatch,
} from "../../server/agent/output/output.ts";

interface Scene {
  readonly attempt: Attempt;
  /** The file grows by the text, which is seen at that time. */
  write(file: OutputFile, at: number, text: string): void;
}

function withAttempt(run: (scene: Scene) => void): void {
  const path = Deno.makeTempDirSync();
  const attempt = createAttempt({
    id: 1,
    folder: { path, attemptId: 1, generation: 1 },
    pid: 1,
    child: null,
    holds: null,
    startedAt: 0,
    startedMs: monotonicMs(),
    timeoutSeconds: 0,
    follows: null,
    killGraceSeconds: 5,
    secrets: [],
  });
  const write = (file: OutputFile, at: number, text: string): void => {
    Deno.writeTextFileSync(file.path, text, { append: true });
    measureFile(file, at);
  };
  try {
    run({ attempt, write });
  } finally {
    Deno.removeSync(path, { recursive: true });
  }
}

for (const talker of ["out", "err"] as const) {
  Deno.test(`takeBatch() lets no line overtake the many that standard ${talker} wrote before it`, () =>
    withAttempt(({ attempt, write }) => {
      const [many, few] = talker === "out" ? [attempt.out, attempt.err] : [attempt.err, attempt.out];
      // More bytes than a call takes, then more lines than it takes, then a line that has no end yet.
      write(many, 100, `${"x".repeat(1000)}\n`.repeat(1500));
      write(few, 200, "mark 1\n");
      write(many, 300, "y\n".repeat(50_000));
      write(few, 400, "mark 2\n");
      write(many, 500, "half");
      write(few, 600, "mark 3\n");
      // What is seen at one look: standard output first.
      write(many, 700, `${"z".repeat(1000)}\n`.repeat(1500));
      write(few, 700, "mark 4\n");

      const texts: string[] = [];
      for (;;) {
        const batch = takeBatch(attempt, { bytes: 512 * 1024, lines: 16 * 1024 });
        if (batch === null) break;
        texts.push(...batch.passages.flatMap(({ text }) => text.split("\n")));
      }

      equal(texts.length, 53_004);
      const marks = [1, 2, 3, 4].map((n) => texts.indexOf(`mark ${n}`));
      equal(marks, [1500, 51_501, 51_502, talker === "out" ? 53_003 : 51_503]);
    }));
}

Deno.test("takeBatch() tells the times anew of what was taken back, and none before those that the server has", () =>
  withAttempt(({ attempt, write }) => {
    const take = (): TakenBatch => {
      const batch = takeBatch(attempt, { bytes: 512 * 1024, lines: 16 * 1024 });
      if (batch === null) throw new Error("There is nothing to take");
      return batch;
    };
    const timesOf = ({ passages }: TakenBatch): number[] => passages.map(({ at }) => at);
    write(attempt.out, 300, "a\n");
    acknowledgeBatch(attempt, take());
    write(attempt.out, 200, "b\n");
    write(attempt.out, 400, "c\n");
    write(attempt.err, 500, "d\n");

    const lost = take();
    takeBack(attempt);
    const again = take();

    equal(timesOf(lost), [300, 400, 500]);
    equal(timesOf(again), [300, 400, 500]);
  }));
