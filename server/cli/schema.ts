/** The command `schema`: the API as text, for review and for clients that check their documents against it. */
import { readFile, writeFile } from "node:fs/promises";
import { buildSchema, printApi } from "../../schema/graphql/mod.ts";

const SCHEMA_FILE = new URL("../../schema/schema.graphql", import.meta.url);

/** True when schema/schema.graphql says what the code does; with `write` it is made so. */
export async function printSchemaFile(write: boolean): Promise<boolean> {
  const text = printApi(buildSchema());
  if (write) {
    await writeFile(SCHEMA_FILE, text);
    return true;
  }
  return text === await readFile(SCHEMA_FILE, "utf8");
}
