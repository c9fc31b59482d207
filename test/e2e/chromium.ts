/** The Chromium of the browser tests: one for all files that the gate runs, or one for each visit of a file run alone. */
import { type Browser, chromium } from "playwright-core";
import { say } from "../support/gate_process.ts";
import type { SharedResource } from "../support/test_files.ts";

const CHROMIUM = "/usr/bin/chromium";
const ENDPOINT = "ORRERY_TEST_BROWSER";
/**
 * The pages of the address bar cost a process for each context. Chromium takes the last list alone, so it has those of
 * Playwright's that matter here too: what asks for something on the internet, or waits for it.
 */
const DISABLED_FEATURES = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "AimEnabled",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
];
const OPTIONS = {
  executablePath: CHROMIUM,
  headless: true,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // The page is scrolled as soon as the wheel is turned.
    "--disable-smooth-scrolling",
    `--disable-features=${DISABLED_FEATURES.join(",")}`,
  ],
};

export function hasChromium(): boolean {
  try {
    return Deno.statSync(CHROMIUM).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Starts one that test processes connect to. */
export async function shareBrowser(): Promise<SharedResource> {
  if (!hasChromium()) {
    say(`There is no ${CHROMIUM}: the browser tests are skipped`);
    return { environment: {}, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const server = await chromium.launchServer(OPTIONS);
  return {
    environment: { [ENDPOINT]: server.wsEndpoint() },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Closing it closes what was opened in it, and a shared browser stays. */
export async function openBrowser(): Promise<Browser> {
  const endpoint = Deno.env.get(ENDPOINT);
  return endpoint === undefined ? await chromium.launch(OPTIONS) : await chromium.connect(endpoint);
}
