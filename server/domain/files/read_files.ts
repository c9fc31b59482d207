/** Definition files as the containers that they want, and everything that is wrong with them. */
import { containerFields } from "../../../schema/definition/container.ts";
import { defaultsOf, type Field, type Fields, namesOf } from "../../../schema/definition/field.ts";
import { taskFields } from "../../../schema/definition/task.ts";
import { DomainError, InvalidInputError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import { relationConditions } from "../../../schema/states.ts";
import type { SavedRelation, SavedTask } from "../containers/interface.ts";
import { readNewGraph, refuseTooMany } from "../containers/save.ts";
import { type WantedContainer, wantedSchedule } from "../containers/wanted.ts";
import { check, containerShape, taskShape } from "../inputs.ts";
import type { ScheduleLimits } from "../schedules/schedule_rows.ts";
import { type Entry, type Node, type OpenDocument, openDocuments } from "./document.ts";
import type { DefinitionFile, FileFault } from "./interface.ts";

export const KIND = "container/v1";
const ACTION = "plan files";
const { name: _name, ...taskOwnFields } = taskFields;
const { name: _containerName, ...settingFields } = containerFields;
const containerKeys = ["kind", "name", ...namesOf(settingFields), "tasks"];
const taskKeys = [...namesOf(taskOwnFields), "after"];

/** What a file wants, and where it says so. */
export interface FileContainer extends WantedContainer {
  readonly path: string;
}

export interface ReadFiles {
  /** Those without a fault. */
  readonly containers: readonly FileContainer[];
  readonly faults: readonly FileFault[];
}

export function readFiles(files: readonly DefinitionFile[], limits: ScheduleLimits): ReadFiles {
  const faults: FileFault[] = [];
  const containers: FileContainer[] = [];
  const places = new Map<string, { readonly path: string; readonly line: number }>();
  for (const file of files) {
    for (const document of openDocuments(file, faults)) {
      const before = faults.length;
      const read = readContainer(document, limits);
      if (read === null) continue;
      const { container, nameNode } = read;
      const other = places.get(container.name);
      if (other !== undefined) {
        document.fault(nameNode, say("FILE_NAME_TWICE", { name: container.name, ...other }));
      } else places.set(container.name, { path: file.path, line: document.placeOf(nameNode).line });
      if (faults.length === before) containers.push(container);
    }
  }
  return { containers, faults };
}

function readContainer(
  document: OpenDocument,
  limits: ScheduleLimits,
): { readonly container: FileContainer; readonly nameNode: Node | null } | null {
  const entries = document.entries(document.root, null);
  if (entries === null) return null;
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  refuseUnknown(document, entries, containerKeys);
  const kind = byKey.get("kind");
  if (document.text(kind?.value ?? null) !== KIND) {
    document.fault(kind?.value ?? document.root, say("FILE_KIND", { kind: KIND }));
    return null;
  }
  const nameNode = byKey.get("name")?.value ?? null;
  const name = readField(document, containerFields.name, containerShape.name, nameNode, "name");
  if (typeof name !== "string") return null;
  const given = readFields(document, settingFields, containerShape, byKey);
  const graph = readTasks(document, byKey.get("tasks"));
  const settings = { ...defaultsOf(settingFields), ...given };
  const container = { path: document.path, name, settings, tasks: graph.tasks, relations: graph.relations };
  refuseUnusable(document, container, byKey, graph, limits);
  return { container, nameNode };
}

interface ReadGraph {
  readonly tasks: readonly SavedTask[];
  readonly relations: readonly SavedRelation[];
  readonly taskNodes: readonly Node[];
  readonly relationNodes: readonly (Node | null)[];
}

function readTasks(document: OpenDocument, entry: Entry | undefined): ReadGraph {
  const tasks: SavedTask[] = [];
  const relations: SavedRelation[] = [];
  const taskNodes: Node[] = [];
  const relationNodes: (Node | null)[] = [];
  const entries = entry === undefined || entry.value === null
    ? []
    : document.entries(entry.value, entry.keyNode);
  for (const { key, keyNode, value } of entries ?? []) {
    const name = readField(document, taskFields.name, taskShape.name, keyNode, "name");
    const own = document.entries(value, keyNode);
    if (typeof name !== "string" || own === null) continue;
    refuseUnknown(document, own, taskKeys);
    const byKey = new Map(own.map((field) => [field.key, field]));
    if (!byKey.has("command")) document.fault(keyNode, say("FILE_NO_COMMAND", { name: key }));
    tasks.push({ ...readFields(document, taskOwnFields, taskShape, byKey), name });
    taskNodes.push(keyNode);
    for (const { relation, node } of readAfter(document, byKey.get("after")?.value ?? null, name)) {
      relations.push(relation);
      relationNodes.push(node);
    }
  }
  return { tasks, relations, taskNodes, relationNodes };
}

/** A name, or a list of names and of `{ task: NAME, on: FAILURE }`. */
function readAfter(
  document: OpenDocument,
  node: Node | null,
  downstream: string,
): readonly { readonly relation: SavedRelation; readonly node: Node | null }[] {
  if (node === null) return [];
  return (document.items(node) ?? [node]).flatMap((item) => {
    const name = document.text(item);
    if (typeof name === "string") {
      return [{ relation: { upstream: name, downstream, condition: "SUCCESS" }, node: item }];
    }
    const entries = item === null ? null : document.entries(item, node);
    if (entries === null) return [];
    refuseUnknown(document, entries, ["task", "on"]);
    const valueOf = (key: string): Node | null => entries.find((entry) => entry.key === key)?.value ?? null;
    const task = document.text(valueOf("task"));
    const on = entries.some(({ key }) => key === "on") ? document.text(valueOf("on")) : "SUCCESS";
    const condition = relationConditions.find((known) => known === on);
    if (typeof task === "string" && condition !== undefined) {
      return [{ relation: { upstream: task, downstream, condition }, node: item }];
    }
    document.fault(item, say("FILE_AFTER", { known: relationConditions }));
    return [];
  });
}

/** The values of the fields that stand there. Their checks have said that they are what the fields take. */
function readFields<F extends Fields>(
  document: OpenDocument,
  fields: F,
  shape: Readonly<Record<string, Parameters<typeof check>[0]>>,
  byKey: ReadonlyMap<string, Entry>,
): { readonly [Name in keyof F]?: never } {
  const read = namesOf(fields).flatMap((name) => {
    const entry = byKey.get(name);
    const [field, schema] = [fields[name], shape[name]];
    if (entry === undefined || field === undefined || schema === undefined) return [];
    const value = readField(document, field, schema, entry.value ?? null, name, entry.keyNode);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(read);
}

/** Undefined, with a fault, when the field does not take it. */
function readField(
  document: OpenDocument,
  field: Field,
  schema: Parameters<typeof check>[0],
  node: Node | null,
  name: string,
  keyNode: Node | null = null,
): unknown {
  try {
    return check(schema, valueOf(document, field, node, keyNode), ACTION, [name]);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    document.fault(node ?? keyNode, error.sentence);
    return undefined;
  }
}

function valueOf(document: OpenDocument, field: Field, node: Node | null, keyNode: Node | null): unknown {
  switch (field.kind) {
    case "boolean":
    case "integer":
      return document.value(node);
    case "variables":
      return node === null
        ? null
        : toObject(document, node, keyNode, (value) => document.text(value) ?? null);
    case "position":
      return toObject(document, node, keyNode, (value) => document.value(value));
    case "clockChange":
      return toObject(document, node, keyNode, (value) => document.text(value));
    default:
      return document.text(node);
  }
}

function toObject(
  document: OpenDocument,
  node: Node | null,
  keyNode: Node | null,
  read: (value: Node | null) => unknown,
): unknown {
  const entries = document.entries(node, keyNode) ?? [];
  return Object.fromEntries(entries.map(({ key, value }) => [key, read(value ?? null)]));
}

function refuseUnknown(document: OpenDocument, entries: readonly Entry[], known: readonly string[]): void {
  for (const { key, keyNode } of entries) {
    if (!known.includes(key)) {
      document.fault(keyNode, say("FILE_UNKNOWN_KEY", { key: key.slice(0, 100), known }));
    }
  }
}

/** What each field alone cannot tell: the schedule as a whole, and the graph. */
function refuseUnusable(
  document: OpenDocument,
  container: WantedContainer,
  byKey: ReadonlyMap<string, Entry>,
  graph: ReadGraph,
  limits: ScheduleLimits,
): void {
  const told = (work: () => unknown, nodeOf: (path: readonly string[]) => Node | null): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      document.fault(nodeOf(error.path ?? []), error.sentence);
    }
  };
  told(
    () => wantedSchedule(container, null, limits, []),
    ([key = ""]) => byKey.get(key)?.value ?? document.root,
  );
  // A task without a command has its fault already.
  if (container.tasks.some(({ command }) => command === undefined)) return;
  told(() => {
    refuseTooMany(container);
    readNewGraph(container);
  }, ([list, place]) => {
    const node = (list === "tasks" ? graph.taskNodes : graph.relationNodes)[Number(place ?? NaN)];
    return node ?? byKey.get("tasks")?.keyNode ?? null;
  });
}

/** The faults as one refusal, for whoever applies without a plan. */
export function refuseFaults(faults: readonly FileFault[]): void {
  const [fault] = faults;
  if (fault === undefined) return;
  const { path, line, column, message } = fault;
  throw new InvalidInputError(
    say("FILES_FAULTY", { path, line, column, why: message, more: faults.length - 1 }),
    ["files"],
  );
}
