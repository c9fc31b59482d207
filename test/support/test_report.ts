/** What one `deno test` told in its JUnit file: only the tests themselves are counted, not the steps in them. */

export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

export interface TestReport {
  readonly passed: number;
  readonly failed: readonly NamedTest[];
  readonly skipped: readonly NamedTest[];
  /** Files with at least one test, and the seconds that their tests took. */
  readonly seconds: ReadonlyMap<string, number>;
}

const SUITE = /<testsuite name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testsuite>)/g;
const CASE = /<testcase name="([^"]*)"[^>]*? time="([\d.]+)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;
/** Between a test's name and the name of a step in it. */
const STEP_MARK = " > ";
const entities: ReadonlyMap<string, string> = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&amp;", "&"],
]);

export function readTestReport(xml: string): TestReport {
  const report = {
    passed: 0,
    failed: [] as NamedTest[],
    skipped: [] as NamedTest[],
    seconds: new Map<string, number>(),
  };
  for (const [, suite = "", cases = ""] of xml.matchAll(SUITE)) {
    const file = unescape(suite).replace(/^\.\//, "");
    const names = new Set<string>();
    for (const [, escaped = "", time, body = ""] of cases.matchAll(CASE)) {
      const name = unescape(escaped);
      if (stepOf(names, name)) continue;
      names.add(name);
      report.seconds.set(file, (report.seconds.get(file) ?? 0) + Number(time));
      if (body.includes("<failure") || body.includes("<error")) report.failed.push({ file, name });
      else if (body.includes("<skipped")) report.skipped.push({ file, name });
      else report.passed += 1;
    }
  }
  return report;
}

/** A step comes after its test, and begins with its name. */
function stepOf(names: ReadonlySet<string>, name: string): boolean {
  let end = name.indexOf(STEP_MARK);
  while (end !== -1) {
    if (names.has(name.slice(0, end))) return true;
    end = name.indexOf(STEP_MARK, end + 1);
  }
  return false;
}

function unescape(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => entities.get(entity) ?? entity);
}
