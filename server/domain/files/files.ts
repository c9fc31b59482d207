/** Definition files planned and applied: the plan is made again inside the transaction that applies it. */
import { and, eq, inArray, or, type SQL } from "drizzle-orm";
import {
  ConflictError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
} from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { containers } from "../../../schema/tables/container.ts";
import type { Database } from "../../db/database.ts";
import { transaction } from "../../db/transaction.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";
import { authorise } from "../accounts/rights.ts";
import { visibleTo } from "../accounts/visible.ts";
import type { ContainerPorts } from "../containers/containers.ts";
import {
  deleteWanted,
  insertWanted,
  type PresentContainer,
  readPresent,
  updateWanted,
} from "../containers/wanted.ts";
import { findProject } from "../projects/projects.ts";
import { databaseNow } from "../schedules/schedule_rows.ts";
import type { ApplyInput, DefinitionFile, Files, Plan, PlanInput, PlannedContainer } from "./interface.ts";
import { decideChanges } from "./plan.ts";
import { type FileContainer, readFiles, refuseFaults } from "./read_files.ts";
import { writeFile } from "./write_files.ts";

const MAX_FILES = 200;
const MAX_TASKS = 5_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_SOURCE_CHARACTERS = 1_000;

export function createFiles(ports: ContainerPorts): Files {
  const { db } = ports;
  return {
    export: (visible, input) => exportFiles(db, visible, input),
    plan: (viewer, input) => planFiles(ports, viewer, input),
    apply: (viewer, input) => applyFiles(ports, viewer, input),
  };
}

async function exportFiles(
  db: Database,
  visible: Visible,
  { project, container }: Parameters<Files["export"]>[1],
): Promise<string> {
  const action = "export files";
  const missing = { message: say("NO_PROJECT", { action, slug: project }), path: ["project"] };
  const projectId = await findProject(db, visible, project, missing);
  const named = container === null ? undefined : eq(containers.name, container);
  const present = await readPresent(db, and(eq(containers.projectId, projectId), named), false);
  if (container !== null && present.size === 0) {
    throw new NotFoundError(say("NO_CONTAINER", { action }), ["container"]);
  }
  const names = [...present.keys()].sort();
  return names.flatMap((name) => present.get(name) ?? []).map(writeFile).join("---\n");
}

async function planFiles({ db, limits }: ContainerPorts, viewer: Viewer, input: PlanInput): Promise<Plan> {
  refuseLarge(input.files, InvalidInputError);
  refuseSource(input);
  const projectId = await findChangeable(db, viewer, input.project, "plan files");
  const { containers: wanted, faults } = readFiles(input.files, limits);
  refuseManyTasks(wanted, InvalidInputError);
  const present = await readPresent(db, concerned(projectId, input, wanted), false);
  // What a file with faults has is not known: nothing is taken to be in none of them.
  const { source } = input;
  const prune = input.prune && faults.length === 0;
  return { containers: decideChanges(wanted, present, { source, prune }, await databaseNow(db)), faults };
}

async function applyFiles(
  ports: ContainerPorts,
  viewer: Viewer,
  input: ApplyInput,
): Promise<{ readonly containerIds: readonly number[]; readonly deleted: readonly string[] }> {
  const action = "apply files";
  refuseLarge(input.files, LimitExceededError);
  refuseSource(input);
  const { containers: wanted, faults } = readFiles(input.files, ports.limits);
  refuseManyTasks(wanted, LimitExceededError);
  return await transaction(ports.db, async (tx, after) => {
    const projectId = await findChangeable(tx, viewer, input.project, action);
    refuseFaults(faults);
    const present = await readPresent(tx, concerned(projectId, input, wanted), true);
    refuseOutdated(input, present);
    const planned = decideChanges(wanted, present, input, null);
    const unit = { tx, after, ports, viewer, action } as const;
    const of = (which: PlannedContainer["action"]): readonly string[] =>
      planned.filter((container) => container.action === which).map(({ name }) => name);
    const wantedOf = new Map(wanted.map((container) => [container.name, container]));
    const added = of("CREATE").flatMap((name) => wantedOf.get(name) ?? []);
    const gone = of("DELETE").flatMap((name) => present.get(name) ?? []);
    await deleteWanted(unit, gone, ["files"]);
    const ids = new Map<string, number>();
    for (const name of of("UPDATE")) {
      const [was, one] = [present.get(name), wantedOf.get(name)];
      if (was === undefined || one === undefined) continue;
      await updateWanted(unit, was, input.source, one);
      ids.set(name, was.container.id);
    }
    const addedIds = await insertWanted(unit, projectId, input.source, added);
    for (const [place, { name }] of added.entries()) ids.set(name, addedIds[place] ?? 0);
    const names = [...ids.keys()].sort();
    return { containerIds: names.flatMap((name) => ids.get(name) ?? []), deleted: of("DELETE") };
  });
}

/** Those of the files, and with prune those of the same source. */
function concerned(
  projectId: number,
  { source, prune }: PlanInput,
  wanted: readonly FileContainer[],
): SQL | undefined {
  const named = inArray(containers.name, wanted.map(({ name }) => name));
  const own = prune && source !== null ? eq(containers.source, source) : undefined;
  return and(eq(containers.projectId, projectId), or(named, own));
}

function refuseOutdated({ expected }: ApplyInput, present: ReadonlyMap<string, PresentContainer>): void {
  for (const [place, { name, version: expectedVersion }] of (expected ?? []).entries()) {
    const version = present.get(name)?.container.version ?? 0;
    if (version !== expectedVersion) {
      throw new ConflictError(
        say("FILES_OUTDATED", { name, version, expected: expectedVersion }),
        ["expected", String(place)],
      );
    }
  }
}

async function findChangeable(
  db: Parameters<typeof findProject>[0],
  viewer: Viewer,
  slug: string,
  action: Action,
): Promise<number> {
  const missing = { message: say("NO_PROJECT", { action, slug }), path: ["project"] };
  const projectId = await findProject(db, visibleTo(viewer), slug, missing);
  authorise(viewer, "container:change", { projectId });
  return projectId;
}

type Refusal = typeof InvalidInputError | typeof LimitExceededError;

function refuseLarge(files: readonly DefinitionFile[], Refused: Refusal): void {
  const bytes = files.reduce((sum, { text }) => sum + new TextEncoder().encode(text).length, 0);
  if (files.length <= MAX_FILES && bytes <= MAX_BYTES) return;
  throw new Refused(say("FILES_LARGE", { files: MAX_FILES, tasks: MAX_TASKS, bytes: MAX_BYTES }), ["files"]);
}

function refuseManyTasks(wanted: readonly FileContainer[], Refused: Refusal): void {
  if (wanted.reduce((sum, { tasks }) => sum + tasks.length, 0) <= MAX_TASKS) return;
  throw new Refused(say("FILES_LARGE", { files: MAX_FILES, tasks: MAX_TASKS, bytes: MAX_BYTES }), ["files"]);
}

function refuseSource({ source, prune }: PlanInput): void {
  if (
    source !== null &&
    (source.trim() === "" || source.length > MAX_SOURCE_CHARACTERS || source.includes("\0"))
  ) {
    throw new InvalidInputError(say("FILES_SOURCE", { most: MAX_SOURCE_CHARACTERS }), ["source"]);
  }
  if (prune && source === null) throw new InvalidInputError(say("FILES_PRUNE"), ["prune"]);
}
