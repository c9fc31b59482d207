/**
 * Takes the pictures of the README and the guide anew, from the console as it is:
 * deno run -A docs/pictures.ts [NAME...]
 */
import { signIn, type Visit, visit, type VisitOptions } from "../test/e2e/browser.ts";
import { startServer, type TestServer } from "../test/support/server.ts";
import { showRun } from "./pictures/run.ts";
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
const pictures: readonly Picture[] = [
  { name: "orrery", window: { ...desk, theme: "dark" }, show: showRun },
  { name: "schedule", window: { ...desk, theme: "light" }, show: showSchedule },
  {
    name: "schedule-fault",
    window: { ...desk, theme: "light" },
    show: showFault,
    part: ".schedule-columns > .form",
  },
  {
    name: "simulation",
    // So high that the bar below, with Save, covers nothing of it.
    window: { ...desk, height: 1400, theme: "light" },
    show: showSimulation,
    part: ".simulation",
  },
];

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
}

async function takePicture({ page }: Visit, { name, part }: Picture): Promise<void> {
  // What arrives with the last event is painted in the frame after next.
  await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
  const path = new URL(`${name}.png`, import.meta.url).pathname;
  if (part === undefined) await page.screenshot({ path });
  else await page.locator(part).first().screenshot({ path });
}
