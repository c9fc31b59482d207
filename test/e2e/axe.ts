/** Looks for what keeps people out: contrast, names, roles, focus. */
import type { Page } from "playwright-core";

const source = await Deno.readTextFile(new URL(import.meta.resolve("axe-core/axe.min.js")));

/** Pages whose documents have it. */
const prepared = new WeakSet<Page>();

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** Serious and critical faults, each with the elements that have it. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  if (!prepared.has(page)) {
    prepared.add(page);
    // Sent once: it is large, and a test looks at many documents.
    await page.addInitScript(source);
    await page.evaluate(source);
  }
  // What fades in is not judged while it does.
  await page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))");
  const violations: readonly Violation[] = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)",
  );
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map((
    { id, nodes },
  ) =>
    `${id}: ${
      nodes.map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary})`).join("; ")
    }`
  );
}
