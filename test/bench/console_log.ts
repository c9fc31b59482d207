/**
 * A long output in the console, scrolled from its end to its start while its pages are read: what a frame costs. Frames
 * that wait for a page do not count; how long the whole way took is told beside.
 */
import type { Page } from "playwright-core";
import { signIn, visit } from "../e2e/browser.ts";
import { type Bench, type BenchContext, type BenchServer, type Figures, quantile, round } from "./bench.ts";
import { createGraph, triggerRun, waitForRuns, wide } from "./runs.ts";

const QUICK_LINES = 100_000;
const FULL_LINES = 1_000_000;
/** As fast as a scroll bar is dragged: some 500 lines a frame. */
const STEP_PX = 9_000;
/** A slow machine of somebody else. */
const SLOW_DOWN = 4;

interface Frames {
  /** Milliseconds that each frame kept the page's thread, drawing included. */
  readonly work: readonly number[];
  /** Milliseconds from each frame to the next. */
  readonly apart: readonly number[];
  readonly seconds: number;
}

export const consoleLogBench: Bench = { name: "console-log", optional: true, run: benchConsoleLog };

async function benchConsoleLog(context: BenchContext): Promise<Figures> {
  const lines = context.full ? FULL_LINES : QUICK_LINES;
  const server = await context.openServer();
  const path = await writeOutput(server, lines);
  const usual = await scrollThrough(server.address, path, 1);
  const slow = await scrollThrough(server.address, path, SLOW_DOWN);
  return {
    value: round(quantile(usual.work, 0.5)),
    unit: "ms/frame",
    limit: null,
    lines,
    p95: round(quantile(usual.work, 0.95)),
    most: round(Math.max(...usual.work)),
    apartP50: round(quantile(usual.apart, 0.5)),
    apartP95: round(quantile(usual.apart, 0.95)),
    frames: usual.work.length,
    seconds: round(usual.seconds),
    slowedP50: round(quantile(slow.work, 0.5)),
    slowedP95: round(quantile(slow.work, 0.95)),
  };
}

/** Runs a task that writes so many lines of about 100 bytes; answers where its output is shown. */
async function writeOutput(server: BenchServer, lines: number): Promise<string> {
  const command =
    `seq -f "line %.0f of an output that is read from its end to its start, as long as lines are" 1 ${lines}`;
  const runId = await triggerRun(server, await createGraph(server, wide(1, command)));
  await waitForRuns(server, [runId]);
  const { run } = await server.graphql(
    "query ($id: ID!) { run(id: $id) { taskRuns { id } } }",
    { id: runId },
  ) as unknown as { run: { taskRuns: { id: string }[] } };
  return `/runs/${encodeURIComponent(runId)}?task=${encodeURIComponent(run.taskRuns[0]?.id ?? "")}`;
}

async function scrollThrough(address: string, path: string, slowDown: number): Promise<Frames> {
  await using visitor = await visit({ address });
  const { page, context } = visitor;
  await signIn(page);
  await page.goto(path);
  await page.getByText("Last 1000 lines").waitFor();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowDown });
  const startedAt = performance.now();
  const { work, apart } = await scrollToStart(page);
  return { work, apart, seconds: (performance.now() - startedAt) / 1000 };
}

/** A message that is sent in a frame arrives once that frame has been laid out and drawn. */
async function scrollToStart(page: Page): Promise<Omit<Frames, "seconds">> {
  return await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector(".log-scroller");
    const { port1, port2 } = new MessageChannel();
    const [work, apart] = [[], []];
    let begun = 0;
    let before = null;
    let moved = false;
    port1.onmessage = () => moved && work.push(performance.now() - begun);
    const step = (now) => {
      if (before !== null && moved) apart.push(now - before);
      before = now;
      begun = performance.now();
      const top = box.scrollTop;
      if (top === 0 && document.querySelector('.log-row[data-seq="1"]') !== null) {
        resolve({ work, apart });
        return;
      }
      box.dispatchEvent(new WheelEvent("wheel", { bubbles: true }));
      box.scrollTop = top - ${STEP_PX};
      moved = box.scrollTop !== top;
      port2.postMessage(null);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
}
