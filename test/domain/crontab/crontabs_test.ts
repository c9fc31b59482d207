import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { eq } from "drizzle-orm";
import { ForbiddenError, InvalidInputError } from "../../../schema/errors.ts";
import { textOf } from "../../../schema/sentences.ts";
import { containers } from "../../../schema/tables/container.ts";
import { schedules, slots } from "../../../schema/tables/schedule.ts";
import { tasks } from "../../../schema/tables/task.ts";
import { registerAgent } from "../../../server/domain/agents/agents.ts";
import { registerServer } from "../../../server/domain/agents/servers.ts";
import { updateContainer } from "../../../server/domain/containers/containers.ts";
import { createCrontabs } from "../../../server/domain/crontab/crontabs.ts";
import type { CrontabInput } from "../../../server/domain/crontab/interface.ts";
import { fireDueSchedules } from "../../../server/domain/schedules/fire_schedules.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

const crontab = (text: string, more: Partial<CrontabInput> = {}): CrontabInput => ({
  kind: "SYSTEM",
  project: "default",
  shadow: true,
  source: "/etc/cron.d/backup",
  text,
  timezone: "Europe/Berlin",
  user: null,
  ...more,
});

const FILE = `SHELL=/bin/bash
# Nightly
0 3 * * * root cd /srv && timeout 1h ./backup%first%second
61 * * * * root broken
*/10 * * * * www-data php /srv/poll.php
`;

test("importCrontab() makes a container in shadow mode of each job, and importing again changes nothing", async (domain) => {
  const crontabs = createCrontabs(domain.ports);

  const first = await crontabs.import(domain.viewer, crontab(FILE));
  const second = await crontabs.import(domain.viewer, crontab(FILE));

  deepStrictEqual(second, first);
  deepStrictEqual(first.skippedLines, [4]);
  const rows = await domain.db.select().from(containers).innerJoin(
    schedules,
    eq(schedules.containerId, containers.id),
  )
    .innerJoin(tasks, eq(tasks.containerId, containers.id)).orderBy(containers.id);
  deepStrictEqual(
    rows.map(({ containers: container, schedules: schedule, tasks: task }) => [
      [container.shadow, container.source, container.version, container.description],
      [schedule.expression, schedule.timezone, schedule.overlap, schedule.misfire, schedule.missingTime],
      [task.command, task.shell, task.directory, task.runAs, task.timeoutSeconds, task.environment],
    ]),
    [
      [
        [true, "/etc/cron.d/backup", 1, "Nightly"],
        ["0 3 * * *", "Europe/Berlin", "ALLOW", "SKIP", "SHIFT"],
        ["exec <<'INPUT'\nfirst\nsecond\nINPUT\n./backup", "/bin/bash", "/srv", "root", 3600, {
          PATH: "/usr/bin:/bin",
          SHELL: "/bin/bash",
        }],
      ],
      [
        [true, "/etc/cron.d/backup", 1, ""],
        ["*/10 * * * *", "Europe/Berlin", "ALLOW", "SKIP", "SKIP"],
        ["php /srv/poll.php", "/bin/bash", null, "www-data", 0, {
          PATH: "/usr/bin:/bin",
          SHELL: "/bin/bash",
        }],
      ],
    ],
  );
});

test("an imported command reads what stood behind its %", async (domain) => {
  const crontabs = createCrontabs(domain.ports);
  await crontabs.import(domain.viewer, crontab("0 3 * * * root cat; echo end # note%a'b%INPUT%\\%$HOME\n"));
  const [task] = await domain.db.select().from(tasks);

  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", task?.command ?? ""] }).output();

  strictEqual(new TextDecoder().decode(stdout), "a'b\nINPUT\n%$HOME\nend\n");
});

test("a live container stays live when its crontab is imported again, and shadow: false ends shadow mode", async (domain) => {
  const crontabs = createCrontabs(domain.ports);
  const { containerIds: [id = 0] } = await crontabs.import(domain.viewer, crontab("0 3 * * * root x\n"));
  const shadowOf = async (): Promise<boolean | undefined> =>
    (await domain.db.select().from(containers).where(eq(containers.id, id)))[0]?.shadow;

  strictEqual(await shadowOf(), true);
  await updateContainer(domain.ports, domain.viewer, { id, shadow: false });
  await crontabs.import(domain.viewer, crontab("0 3 * * * root x\n"));
  strictEqual(await shadowOf(), false);
  await updateContainer(domain.ports, domain.viewer, { id, shadow: true });
  await crontabs.import(domain.viewer, crontab("0 3 * * * root x\n", { shadow: false }));
  strictEqual(await shadowOf(), false);
});

test("a container in shadow mode records its slots and runs nothing", async (domain) => {
  const id = await domain.container({ expression: "* * * * *", shadow: true });
  await domain.task(id, "a");
  await domain.db.update(schedules).set({ nextFireAt: new Date() }).where(eq(schedules.containerId, id));

  await fireDueSchedules(domain.ports);

  const found = await domain.db.select().from(slots);
  deepStrictEqual(found.map(({ outcome, reason, runId }) => [outcome, reason?.key, runId]), [
    ["SKIPPED", "SLOT_SHADOW", null],
  ]);
});

test("@reboot fires once when an agent reports another start of its machine, and not before", async (domain) => {
  const crontabs = createCrontabs(domain.ports);
  await crontabs.import(domain.viewer, crontab("@reboot root x\n", { shadow: false }));
  const server = { key: crypto.randomUUID(), name: "s", url: null, version: "0" };
  const agent = {
    key: "k",
    name: "a",
    version: "0",
    capacity: 1,
    labels: null,
    os: "linux",
    arch: "x86_64",
    serverId: await registerServer(domain.db, server),
  };
  const slotsAfter = async (bootId: string): Promise<number> => {
    await registerAgent(domain.db, { ...agent, bootId });
    await fireDueSchedules(domain.ports);
    return (await domain.db.select().from(slots)).length;
  };

  strictEqual(await slotsAfter("one"), 0);
  strictEqual(await slotsAfter("one"), 0);
  strictEqual(await slotsAfter("two"), 1);
  strictEqual(await slotsAfter("two"), 1);
  strictEqual(await slotsAfter("three"), 2);
});

test("previewCrontab() tells fires beside cron's, notes and faults", async (domain) => {
  const text = `MAILTO=root
CRON_TZ=Mars/Olympus
0 0 * * * root a
CRON_TZ=UTC
0 0 */2 * 1 root flock -n /run/b.lock b > /dev/null 2>&1
@reboot root c
ORRERY_X=1
0 0 * * * root d
`;

  const jobs = await createCrontabs(domain.ports).preview(domain.viewer, crontab(text));

  const told = jobs.map(({ fault, notes, nextFires, cronFires, expression }) => ({
    expression,
    fault: fault?.key ?? null,
    notes: notes.map(({ key }) => key),
    fires: nextFires.length,
    same: nextFires.join() === cronFires.join(),
  }));
  deepStrictEqual(told, [
    { expression: "0 0 * * *", fault: "CRONTAB_ZONE", notes: [], fires: 0, same: true },
    {
      expression: "0 0 */2 * +1",
      fault: null,
      notes: ["CRONTAB_LOCK", "CRONTAB_MAIL", "CRONTAB_SILENT"],
      fires: 20,
      same: true,
    },
    { expression: "@reboot", fault: null, notes: ["CRONTAB_MAIL"], fires: 0, same: true },
    { expression: "0 0 * * *", fault: "CRONTAB_VARIABLE", notes: [], fires: 0, same: true },
  ]);
  strictEqual(
    textOf(jobs[1]?.notes[0] ?? { key: "TEXT", values: { text: "" } }),
    "flock -n became overlap SKIP; the lock /run/b.lock is not taken any more",
  );
});

test("a crontab that is no text, too long, or of a viewer who may not change anything is refused", async (domain) => {
  const crontabs = createCrontabs(domain.ports);
  const refused = [
    crontab("\0\x01binary"),
    crontab("* * * * * root x\n".repeat(10_001)),
    crontab("x", { timezone: "Nowhere" }),
    crontab("x", { source: " " }),
  ];

  for (const input of refused) {
    await rejects(crontabs.preview(domain.viewer, input), InvalidInputError);
    await rejects(crontabs.import(domain.viewer, input), InvalidInputError);
  }
  await rejects(crontabs.preview(domain.reader, crontab("")), ForbiddenError);
  await rejects(crontabs.import(domain.reader, crontab("")), ForbiddenError);
});

test("thousands of lines are imported, each as its own container", async (domain) => {
  const lines = Array.from(
    { length: 2_500 },
    (_, index) => `${index % 60} ${index % 24} * * * root job ${index % 1_250}\n`,
  );

  const { containerIds, skippedLines } = await createCrontabs(domain.ports).import(
    domain.viewer,
    crontab(lines.join("")),
  );

  strictEqual(new Set(containerIds).size, 2_500);
  ok(!containerIds.includes(0));
  deepStrictEqual(skippedLines, []);
});
