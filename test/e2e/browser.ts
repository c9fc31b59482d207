/** A real browser in front of a real server, watched: nothing may be written to its console that is a fault. */
import type { Browser, BrowserContext, Locator, Page, Request } from "playwright-core";
import { say } from "../support/gate_process.ts";
import { ADMIN_PASSWORD, shareServer, type TestServer } from "../support/server.ts";
import { until, untilEqual } from "../support/until.ts";
import { CHROMIUM, hasChromium, launchChromium } from "./chromium.ts";

/** A loaded machine is slow; a wrong page never gets right. */
const PATIENCE_MS = 60_000;

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: errors, warnings and violations of the policy. */
  readonly complaints: readonly string[];
  /** Until the page is live and has the answers to all that it asked: what it shows then changes by events alone. */
  settled(): Promise<void>;
}

export interface VisitOptions {
  readonly address: string;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark" | "neon";
  /** What the browser's user reads; en-US unless said. */
  readonly locale?: string;
  /** Of the browser; the machine's unless said. */
  readonly timezone?: string;
  /** Pixels of the picture for one of the page. */
  readonly scale?: number;
}

/** For a test that needs Chromium: where there is none it is counted as skipped. */
export const inBrowser = { ignore: !hasChromium() };
if (inBrowser.ignore) say(`There is no ${CHROMIUM}: browser tests are skipped`);

let browser: Promise<Browser> | null = null;

/**
 * Tests need not call it: those of a file share a browser. All files cannot share one: over a connection, keys that are
 * pressed at once arrive in any order.
 */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}
Deno.test.afterAll(closeBrowser);

let shared: Promise<TestServer> | null = null;

/** One server for the tests of a file; a test that needs a server of its own says why. */
export function sharedServer(): Promise<TestServer> {
  return shared ??= shareServer();
}

export async function visit(options: VisitOptions): Promise<Visit> {
  const { width = 1280, height = 800 } = options;
  const context = await (await (browser ??= launchChromium())).newContext({
    baseURL: options.address,
    viewport: { width, height },
    reducedMotion: "reduce",
    locale: options.locale ?? "en-US",
    deviceScaleFactor: options.scale ?? 1,
    ...(options.timezone === undefined ? {} : { timezoneId: options.timezone }),
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
  const asked = watchQuestions(page);
  return {
    page,
    context,
    complaints,
    async settled(): Promise<void> {
      await page.locator('.link-dot[data-state="live"]').waitFor({ state: "attached" });
      await until("the page has all answers", async () => {
        if (asked.size > 0) return false;
        // An answer may lead to another question.
        await page.evaluate(
          "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
        );
        return asked.size === 0;
      });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await context.close();
    },
  };
}

/** The administrator is signed in without the form. */
export async function visitAsAdmin(
  server: TestServer,
  options: Partial<VisitOptions> = {},
): Promise<Visit> {
  const { address = server.address } = options;
  const visitor = await visit({ ...options, address });
  const value = await server.adminToken();
  await visitor.context.addCookies([{
    name: `orrery_session_${new URL(address).port}`,
    value,
    url: address,
    httpOnly: true,
    sameSite: "Strict",
  }]);
  return visitor;
}

export async function openContainers(page: Page): Promise<void> {
  await page.goto("/containers");
  await page.getByRole("heading", { name: "Containers" }).waitFor();
}

/** By the form. */
export async function signIn(page: Page, password = ADMIN_PASSWORD): Promise<void> {
  await page.goto("/sign-in?from=/containers");
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Containers" }).waitFor();
}

/** Until there are so many. */
export async function hasCount(locator: Locator, count: number): Promise<void> {
  await untilEqual(`there are ${count} of ${locator}`, () => locator.count(), count);
}

/** Until the field holds it. */
export async function hasValue(locator: Locator, value: string): Promise<void> {
  await untilEqual(`${locator} holds ${value}`, () => locator.inputValue(), value);
}

/** Keys that mean something only shortly one after the other: none waits for what the one before has led to. */
export async function pressInTurn(page: Page, ...keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

/**
 * How far the page is wider than the screen; 0 is right. Not against innerWidth: a phone zooms out until a page that is
 * too wide fits.
 */
export async function sidewaysPx(page: Page): Promise<number> {
  const width: number = await page.evaluate("document.documentElement.scrollWidth");
  return width - (page.viewportSize()?.width ?? 0);
}

/** What each of them shows of its text is not all of it: the text is cut off, or has to be scrolled sideways. */
export async function cutOff(locator: Locator): Promise<readonly string[]> {
  return await locator.evaluateAll((elements) =>
    elements.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ textContent }) => textContent ?? "")
  );
}

/** What the page has asked the API and has no answer to. */
function watchQuestions(page: Page): ReadonlySet<Request> {
  const asked = new Set<Request>();
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/graphql") asked.add(request);
  });
  page.on("requestfinished", (request) => asked.delete(request));
  page.on("requestfailed", (request) => asked.delete(request));
  return asked;
}
