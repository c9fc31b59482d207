/** The command `schema`: the API as text, for review and for clients that check their documents against it. */
import { readFile, writeFile } from "node:fs/promises";
import { SCHEMA_FILE } from "../paths.ts";
import { buildSchema, printApi } from "../../schema/graphql/mod.ts";

/** True when schema/schema.graphql says what the code does; with `write` it is made so. */
export async function printSchemaFile(write: boolean): Promise<boolean> {
  const text = printApi(buildSchema());
  if (write) {
    await writeFile(SCHEMA_FILE, text);
    return true;
  }
  return text === await readFile(SCHEMA_FILE, "utf8");
}
