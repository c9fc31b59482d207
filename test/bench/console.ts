/**
 * The console in a real browser: how much is fetched before the sign-in page works, how soon a graph is drawn, and how
 * long its frames are while states change. With and without the processor slowed down four times, by the browser's own
 * throttle. Everything runs on one machine: the server, the tasks and the browser, which paints without a graphics card.
 */
import type { Page } from "playwright-core";
import { gzipSync } from "node:zlib";
import { signIn, type Visit, visit } from "../e2e/browser.ts";
import { type Bench, type BenchContext, type BenchServer, type Figures, median, round } from "./bench.ts";
import { createGraph, type Graph, layers, runOnce } from "./runs.ts";

const TURNS = 5;
const SLOW_DOWN = 4;
const SMALL_TASKS = 500;
const LARGE_TASKS = 2_000;
const LAYER_TASKS = 25;
/** Each task waits for two of the layer before, so many places apart. */
const LAYER_STEPS = [0, 7];
const LONG_FRAME_MS = 50;
/** Each task starts and ends: so many at once of such a length change about 200 states a second. */
const BUSY_SLOTS = 20;
const BUSY_SECONDS = 0.2;
/** Frames between the last look and the end do not count. */
const LOOK_MS = 250;
/** More is broken rather than slow. */
const DRAWN_MS = 120_000;

export const consoleBench: Bench = { name: "console", optional: true, run: benchConsole };

/** What the browser measured of one run: lengths of frames, and states that changed meanwhile. */
interface Frames {
  readonly averageMs: number;
  readonly longestMs: number;
  readonly longShare: number;
  readonly changesPerSecond: number;
}

async function benchConsole(context: BenchContext): Promise<Figures> {
  const server = await context.openServer(BUSY_SLOTS);
  const firstLoadKib = await measureFirstLoad(server.address);
  const graph = (tasks: number, command = ":"): Graph =>
    layers(tasks / LAYER_TASKS, LAYER_TASKS, LAYER_STEPS, command);
  const small = await createGraph(server, graph(SMALL_TASKS));
  const large = await createGraph(server, graph(LARGE_TASKS));
  const busy = await createGraph(server, graph(SMALL_TASKS, `sleep ${BUSY_SECONDS}`));
  const drawn = {
    small: await measureDrawing(server, small, 1),
    smallSlow: await measureDrawing(server, small, SLOW_DOWN),
    large: await measureDrawing(server, large, 1),
    largeSlow: await measureDrawing(server, large, SLOW_DOWN),
  };
  const frames = await measureFrames(server, busy, 1);
  const slowFrames = await measureFrames(server, busy, SLOW_DOWN);
  return {
    value: round(drawn.small),
    unit: "ms",
    limit: null,
    firstLoadGzipKiB: round(firstLoadKib),
    drawn500Ms: round(drawn.small),
    drawn500SlowMs: round(drawn.smallSlow),
    drawn2000Ms: round(drawn.large),
    drawn2000SlowMs: round(drawn.largeSlow),
    ...told("", frames),
    ...told("Slow", slowFrames),
    slowDown: SLOW_DOWN,
    turns: TURNS,
  };
}

function told(suffix: string, frames: Frames): Readonly<Record<string, number>> {
  return {
    [`frame${suffix}Ms`]: round(frames.averageMs),
    [`longestFrame${suffix}Ms`]: round(frames.longestMs),
    [`longFrames${suffix}Share`]: round(frames.longShare),
    [`changes${suffix}PerSecond`]: round(frames.changesPerSecond),
  };
}

/** KiB of script and style, compressed, until the sign-in page can be used. */
async function measureFirstLoad(address: string): Promise<number> {
  await using visitor = await visit({ address });
  const { page } = visitor;
  const bodies: Promise<Uint8Array>[] = [];
  page.on("response", (response) => {
    if (/\.(?:js|css)$/.test(new URL(response.url()).pathname)) bodies.push(response.body());
  });
  await page.goto("/");
  await page.getByLabel("User name").waitFor();
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** Milliseconds from the page being asked for, with its scripts in the cache, until the graph is painted. */
async function measureDrawing(server: BenchServer, id: string, slowDown: number): Promise<number> {
  await using visitor = await visitAtSpeed(server, slowDown);
  const { page } = visitor;
  const times: number[] = [];
  for (let turn = -1; turn < TURNS; turn++) {
    await page.goto(`/containers/${encodeURIComponent(id)}`);
    const drawnAt = await untilDrawn(page);
    // The first one fills the cache.
    if (turn >= 0) times.push(drawnAt);
  }
  return median(times);
}

/** Frames of the page of a run from the first to the last change of a state: the medians of some runs. */
async function measureFrames(server: BenchServer, containerId: string, slowDown: number): Promise<Frames> {
  await using visitor = await visitAtSpeed(server, slowDown);
  const { page } = visitor;
  const turns: Frames[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await page.goto(`/containers/${encodeURIComponent(containerId)}`);
    await untilDrawn(page);
    await page.evaluate(WATCH_FRAMES);
    const seconds = await runOnce(server, containerId);
    turns.push(summarise(await page.evaluate("window.frameTimes"), seconds));
  }
  const middle = (of: (frames: Frames) => number): number => median(turns.map(of));
  return {
    averageMs: middle(({ averageMs }) => averageMs),
    longestMs: middle(({ longestMs }) => longestMs),
    longShare: middle(({ longShare }) => longShare),
    changesPerSecond: middle(({ changesPerSecond }) => changesPerSecond),
  };
}

const DRAWN_TIMES =
  "performance.getEntriesByName('graph drawn').map((entry) => entry.startTime + entry.duration)";

/** Runs in the page: notes how long each frame takes. */
const WATCH_FRAMES = `
  window.frameTimes = [];
  let last = performance.now();
  const next = (now) => {
    window.frameTimes.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
`;

function summarise(times: readonly number[], seconds: number): Frames {
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    averageMs: total / times.length,
    longestMs: Math.max(...times),
    longShare: times.filter((time) => time > LONG_FRAME_MS).length / times.length,
    changesPerSecond: 2 * SMALL_TASKS / seconds,
  };
}

async function visitAtSpeed(server: BenchServer, slowDown: number): Promise<Visit> {
  const visitor = await visit({ address: server.address });
  await signIn(visitor.page);
  const browser = await visitor.context.newCDPSession(visitor.page);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: slowDown });
  return visitor;
}

/** When the graph was painted, in milliseconds since the page was asked for. */
async function untilDrawn(page: Page): Promise<number> {
  const deadline = performance.now() + DRAWN_MS;
  while (performance.now() < deadline) {
    // Asked from outside: the policy of the page forbids to wait inside of it.
    const [drawnAt]: readonly number[] = await page.evaluate(DRAWN_TIMES);
    if (drawnAt !== undefined) return drawnAt;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`Cannot measure the graph: it was not painted within ${DRAWN_MS} ms`);
}
