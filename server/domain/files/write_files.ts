/** Containers as YAML that planFiles reads: what differs from the defaults, by names, in the order of the definition. */
import { Document, type ToStringOptions, YAMLMap } from "yaml";
import { containerFields } from "../../../schema/definition/container.ts";
import { type Field, type Fields, namesOf } from "../../../schema/definition/field.ts";
import { taskFields } from "../../../schema/definition/task.ts";
import { contentOf } from "../containers/history.ts";
import { allSettings, type PresentContainer } from "../containers/wanted.ts";
import { KIND } from "./read_files.ts";

const options: ToStringOptions = { lineWidth: 0, blockQuote: "literal" };

export function writeFile(present: PresentContainer): string {
  const document = new Document(undefined, { schema: "core", version: "1.2" });
  const root = new YAMLMap();
  root.set("kind", KIND);
  const { name, ...settings } = allSettings(present);
  root.set("name", name);
  addFields(document, root, containerFields, settings);
  const tasks = new YAMLMap();
  const nameOf = new Map(present.tasks.map((task) => [task.id, task.name]));
  const relationsOf = Map.groupBy(present.relations, ({ downstreamId }) => downstreamId);
  for (const task of present.tasks) {
    const { name: taskName, x, y, ...content } = contentOf(task);
    const fields = new YAMLMap();
    addFields(document, fields, taskFields, { ...content, position: { x, y } });
    const after = (relationsOf.get(task.id) ?? []).map(({ upstreamId, condition }) =>
      condition === "SUCCESS" ? nameOf.get(upstreamId) : { task: nameOf.get(upstreamId), on: condition }
    );
    if (after.length > 0) fields.set("after", document.createNode(after, { flow: true }));
    tasks.set(taskName, fields);
  }
  if (tasks.items.length > 0) root.set("tasks", tasks);
  document.contents = root as typeof document.contents;
  return document.toString(options);
}

function addFields(
  document: Document,
  map: YAMLMap,
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const name of namesOf(fields)) {
    const field = fields[name];
    const value = values[name];
    if (field === undefined || value === undefined || isDefault(field, value)) continue;
    const flow = field.kind === "position" || field.kind === "clockChange";
    map.set(name, document.createNode(value, { flow }));
  }
}

function isDefault(field: Field, value: unknown): boolean {
  return field.default !== undefined && JSON.stringify(field.default) === JSON.stringify(value);
}
