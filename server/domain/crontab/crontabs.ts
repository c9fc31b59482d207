/** Crontabs looked at, and made into containers. Reading the same file again updates the same containers. */
import { and, eq, inArray } from "drizzle-orm";
import { say } from "../../../schema/sentences.ts";
import { containers } from "../../../schema/tables/container.ts";
import { transaction } from "../../db/transaction.ts";
import type { Viewer } from "../accounts/interface.ts";
import { authorise, authorisedProjects } from "../accounts/rights.ts";
import { visibleTo } from "../accounts/visible.ts";
import type { ContainerPorts } from "../containers/containers.ts";
import {
  describeChanges,
  insertWanted,
  readPresent,
  updateWanted,
  type WantedContainer,
} from "../containers/wanted.ts";
import { findProject } from "../projects/projects.ts";
import { databaseNow } from "../schedules/schedule_rows.ts";
import type { CrontabInput, Crontabs } from "./interface.ts";
import { readJobs } from "./jobs.ts";

const ACTION = "import a crontab";

export function createCrontabs(ports: ContainerPorts): Crontabs {
  return {
    async preview(viewer, input): ReturnType<Crontabs["preview"]> {
      authorisedProjects(viewer, "container:change");
      return readJobs(input, ports.limits, await databaseNow(ports.db)).map(({ job }) => job);
    },
    import: async (viewer, input) => await importCrontab(ports, viewer, input, await databaseNow(ports.db)),
  };
}

async function importCrontab(
  ports: ContainerPorts,
  viewer: Viewer,
  input: CrontabInput,
  now: Date,
): Promise<{ readonly containerIds: readonly number[]; readonly skippedLines: readonly number[] }> {
  const jobs = readJobs(input, ports.limits, now);
  const wanted = jobs.flatMap((job) => job.wanted ?? []);
  return await transaction(ports.db, async (tx, after) => {
    const missing = {
      message: say("NO_PROJECT", { action: ACTION, slug: input.project }),
      path: ["project"],
    };
    const projectId = await findProject(tx, visibleTo(viewer), input.project, missing);
    authorise(viewer, "container:change", { projectId });
    const unit = { tx, after, ports, viewer, action: ACTION } as const;
    const names = wanted.map(({ name }) => name);
    const which = and(eq(containers.projectId, projectId), inArray(containers.name, names));
    const present = names.length === 0 ? new Map() : await readPresent(tx, which, true);
    const added = wanted.filter(({ name }) => !present.has(name));
    const addedIds = await insertWanted(unit, projectId, input.source, added);
    const idOf = new Map(added.map(({ name }, place) => [name, addedIds[place] ?? 0]));
    for (const one of wanted) {
      const was = present.get(one.name);
      if (was === undefined) continue;
      idOf.set(one.name, was.container.id);
      const update = keepLive(one);
      if (describeChanges(was, update).length > 0) await updateWanted(unit, was, input.source, update);
    }
    return {
      containerIds: names.map((name) => idOf.get(name) ?? 0),
      skippedLines: jobs.filter((job) => job.wanted === null).map(({ job }) => job.line),
    };
  });
}

/** Importing again may end shadow mode, and never begins it: a container that is live stays so. */
function keepLive(wanted: WantedContainer): WantedContainer {
  const { shadow, ...settings } = wanted.settings;
  return { ...wanted, settings: shadow === false ? wanted.settings : settings };
}
