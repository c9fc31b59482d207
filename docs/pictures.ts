/**
 * Takes the pictures of the README and the guide anew, from the console as it is:
 * deno run -A docs/pictures.ts [NAME...]
 */
import { closeBrowser, signIn, type Visit, visit, type VisitOptions } from "../test/e2e/browser.ts";
import { startServer, type TestServer } from "../test/support/server.ts";
import {
  showCommand,
  showContainers,
  showGraph,
  showGrid,
  showHosts,
  showLive,
  showLogs,
  showMessages,
  showOverview,
  showPalette,
  showTokens,
  showVersions,
} from "./pictures/pages.ts";
import { showOutput, showRun, showTimeline, showWaiting } from "./pictures/run.ts";
import { showFault, showSchedule, showSimulation } from "./pictures/schedule.ts";

const SCALE = 1.5;

interface Picture {
  /** The file in docs/, without its ending. */
  readonly name: string;
  readonly window: Omit<VisitOptions, "address">;
  /** Opens the page and waits until it shows what the picture is for. */
  readonly show: (server: TestServer, visitor: Visit) => Promise<void>;
  /** What of the page is taken; without it the window. */
  readonly part?: string;
}

const desk = { width: 1440, height: 860, scale: SCALE } as const;
/** Of the guide: large enough to be read, small enough to be many. */
const page = { width: 1280, height: 800, scale: 1.25, theme: "light" } as const;
const night = { ...page, theme: "dark" } as const;
const pictures: readonly Picture[] = [
  { name: "orrery", window: { ...desk, theme: "dark" }, show: showRun },
  { name: "overview", window: page, show: showOverview },
  { name: "containers", window: page, show: showContainers },
  { name: "graph", window: page, show: showGraph },
  { name: "command", window: page, show: showCommand, part: ".task-item.open" },
  { name: "versions", window: { ...page, height: 560 }, show: showVersions },
  { name: "timeline", window: page, show: showTimeline },
  { name: "grid", window: { ...page, height: 500 }, show: showGrid },
  { name: "waiting", window: night, show: showWaiting },
  { name: "output", window: { ...night, height: 620 }, show: showOutput, part: ".run-log" },
  { name: "live", window: { ...night, theme: "neon" }, show: showLive },
  { name: "logs", window: { ...page, height: 560 }, show: showLogs },
  { name: "hosts", window: { ...page, height: 420 }, show: showHosts },
  { name: "messages", window: { ...page, height: 460 }, show: showMessages },
  { name: "tokens", window: page, show: showTokens, part: "[aria-labelledby=account-tokens]" },
  { name: "palette", window: page, show: showPalette, part: ".palette" },
  // These last: their container has so many runs that it would fill the pages of all others.
  { name: "schedule", window: page, show: showSchedule },
  { name: "schedule-fault", window: page, show: showFault, part: ".schedule-columns > .form" },
  // So high that the bar below, with Save, covers nothing of it.
  { name: "simulation", window: { ...page, height: 1400 }, show: showSimulation, part: ".simulation" },
];

export const pictureNames: readonly string[] = pictures.map(({ name }) => name);

if (import.meta.main) await takePictures(pictures, Deno.args);

/** Those that are named, or all of them when none is. */
async function takePictures(pictures: readonly Picture[], names: readonly string[]): Promise<void> {
  await using server = await startServer();
  for (const picture of pictures) {
    if (names.length > 0 && !names.includes(picture.name)) continue;
    await using visitor = await visit({ address: server.address, ...picture.window });
    await signIn(visitor.page);
    await picture.show(server, visitor);
    await takePicture(visitor, picture);
  }
  await server.graphql(`mutation { cancelAllRuns { __typename } }`);
  await closeBrowser();
}

async function takePicture({ page }: Visit, { name, part }: Picture): Promise<void> {
  // What arrives with the last event is painted in the frame after next.
  await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
  const path = new URL(`${name}.png`, import.meta.url).pathname;
  if (part === undefined) await page.screenshot({ path });
  else await page.locator(part).first().screenshot({ path });
}
