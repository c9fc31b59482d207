/** What is read of the system's processes: the same by /proc and by ps. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import {
  groupExists,
  MARK_VARIABLE,
  openProcesses,
  type ProcessRow,
  sendSignal,
} from "../../server/agent/end/processes.ts";
import { listByPs, MACOS_PS } from "../../server/agent/end/processes_ps.ts";
import { until } from "../support/until.ts";

async function withMarkedProcess(
  mark: string,
  run: (child: Deno.ChildProcess) => Promise<void>,
): Promise<void> {
  const child = new Deno.Command("sleep", { args: ["100"], env: { [MARK_VARIABLE]: mark }, detached: true })
    .spawn();
  try {
    await run(child);
  } finally {
    sendSignal(-child.pid, "SIGKILL");
    await child.status;
  }
}

// The ps of Linux asks for the environment in another way; the columns are the same.
const lists: readonly (readonly [string, () => Promise<readonly ProcessRow[]>])[] = [
  ["/proc", async () => (await openProcesses()).list(true)],
  ["ps", () => listByPs(["axeww", ...MACOS_PS.slice(1)], MARK_VARIABLE)],
];

for (const [source, list] of lists) {
  Deno.test({
    name: `processes are listed by ${source} with their group, name, age and mark`,
    ignore: Deno.build.os !== "linux",
    fn: () =>
      withMarkedProcess(`spool.${source}`, async (child) => {
        const row = await until("it is listed", async () =>
          (await list()).find(({ mark }) => mark === `spool.${source}`));

        equal([row.pid, row.group, row.name], [child.pid, child.pid, "sleep"]);
        ok(row.ageMs < 10_000);
      }),
  });
}

Deno.test("processes that are gone are not listed, though nobody has asked for their status", () =>
  withMarkedProcess("spool.gone", async (child) => {
    const processes = await openProcesses();
    equal(groupExists(child.pid), true);

    ok(sendSignal(child.pid, "SIGKILL"));

    await until(
      "it is not listed",
      async () => (await processes.list(true)).every(({ mark }) => mark !== "spool.gone"),
    );
    await child.status;
    await until("its group is gone", () => !groupExists(child.pid));
    equal(sendSignal(child.pid, "SIGTERM"), false);
  }));
