/** A real browser in front of a real server, watched: nothing may be written to its console that is a fault. */
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { ADMIN_PASSWORD } from "../support/server.ts";

const CHROMIUM = "/usr/bin/chromium";
const LAUNCH_ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** A loaded machine is slow; a wrong page never gets right. */
const PATIENCE_MS = 20_000;

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: errors, warnings and violations of the policy. */
  readonly complaints: readonly string[];
}

export interface VisitOptions {
  readonly address: string;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark" | "neon";
  /** What the browser's user reads; en-US unless said. */
  readonly locale?: string;
  /** Pixels of the picture for one of the page. */
  readonly scale?: number;
}

/** A test that needs Chromium: where there is none it is counted as skipped, and its name says why. */
export function browserTest(name: string, run: () => Promise<void>): void {
  const missing = !isThere(CHROMIUM);
  Deno.test({ name: missing ? `${name} (skipped: no ${CHROMIUM})` : name, ignore: missing, fn: run });
}

export async function visit(options: VisitOptions): Promise<Visit> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: LAUNCH_ARGS });
  const { width = 1280, height = 800 } = options;
  const context = await browser.newContext({
    baseURL: options.address,
    viewport: { width, height },
    reducedMotion: "reduce",
    locale: options.locale ?? "en-US",
    deviceScaleFactor: options.scale ?? 1,
    ...(width < 500 ? { hasTouch: true, isMobile: true } : {}),
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (options.theme !== undefined) {
    await context.addInitScript(`localStorage.setItem("orrery.theme", "${options.theme}")`);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  return {
    page,
    context,
    complaints,
    async [Symbol.asyncDispose](): Promise<void> {
      await context.close();
      await browser.close();
    },
  };
}

export async function signIn(page: Page, password = ADMIN_PASSWORD): Promise<void> {
  // The list of containers is where most tests begin.
  await page.goto("/sign-in?from=/containers");
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Containers" }).waitFor();
}

/**
 * How far the page is wider than the screen; 0 is right. Not against innerWidth: a phone zooms out until a page that is
 * too wide fits.
 */
export async function sidewaysPx(page: Page): Promise<number> {
  const width: number = await page.evaluate("document.documentElement.scrollWidth");
  return width - (page.viewportSize()?.width ?? 0);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
