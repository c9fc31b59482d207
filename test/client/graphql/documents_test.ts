/** Every document of the console fits the schema: types know the answer, only this knows the text. */
import { buildSchema, type DocumentNode, parse, print, validate, visit } from "graphql";
import { deepStrictEqual, ok } from "node:assert/strict";
import { schemaEnvironment } from "../../../client/graphql/generate.ts";

const client = new URL("../../../client/", import.meta.url);
const sdl = await Deno.readTextFile(new URL("../schema/schema.graphql", client));

Deno.test("every document of the console is valid against the printed schema", async () => {
  const schema = buildSchema(sdl);
  const documents = await readDocuments();

  const faults = documents.flatMap(({ name, text }) =>
    validate(schema, parse(text)).map(({ message }) => `${name}: ${message}`)
  );

  ok(documents.length > 15);
  deepStrictEqual(faults, []);
});

Deno.test("whoever asks for a refusal's message asks for what it is said with in other languages", async () => {
  const selections = (await readDocuments()).flatMap(({ name, text }) => {
    const found: { name: string; fields: readonly string[] }[] = [];
    visit(parse(text), {
      InlineFragment: ({ typeCondition, selectionSet }) => {
        if (typeCondition?.name.value.endsWith("Error") !== true) return;
        const fields = selectionSet.selections.map((field) => field.kind === "Field" ? field.name.value : "");
        if (fields.includes("message")) found.push({ name, fields });
      },
    });
    return found;
  });

  const poor = selections.filter(({ fields }) =>
    !fields.includes("messageKey") || !fields.includes("messageValues")
  );

  ok(selections.length > 15);
  deepStrictEqual(poor.map(({ name }) => name), []);
});

Deno.test("schema_env.d.ts is what the printed schema gives", async () => {
  const written = await Deno.readTextFile(new URL("graphql/schema_env.d.ts", client));

  ok(written === schemaEnvironment(sdl), "It is stale: run deno run -A client/graphql/generate.ts");
});

async function readDocuments(): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const found: { name: string; text: string }[] = [];
  for await (const path of modulesWithDocuments(client)) {
    const module: Record<string, unknown> = await import(path.href);
    for (const [name, value] of Object.entries(module)) {
      if (isOperation(name, value)) found.push({ name, text: print(value) });
    }
  }
  return found;
}

async function* modulesWithDocuments(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory && !["dist", ".vite"].includes(entry.name)) {
      yield* modulesWithDocuments(new URL(`${entry.name}/`, folder));
    } else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) {
      const path = new URL(entry.name, folder);
      if ((await Deno.readTextFile(path)).includes("graphql(`")) yield path;
    }
  }
}

function isOperation(
  name: string,
  value: unknown,
): value is DocumentNode {
  return name.endsWith("Document") && typeof value === "object" && value !== null && "definitions" in value;
}
