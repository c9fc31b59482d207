/**
 * Writes schema_env.d.ts, the SDL as one type: with it every document in the console has the types of its variables and
 * of its answer, without a file generated for each document. The SDL's path may be given as the only argument.
 */
import { minifyIntrospection, outputIntrospectionFile } from "@gql.tada/internal";
import { buildSchema, introspectionFromSchema } from "graphql";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The text of schema_env.d.ts for an SDL. */
export function schemaEnvironment(sdl: string): string {
  const introspection = minifyIntrospection(introspectionFromSchema(buildSchema(sdl)));
  return outputIntrospectionFile(introspection, { fileType: ".d.ts", shouldPreprocess: true });
}

if (import.meta.main) {
  const sdlPath = process.argv[2] ?? fileURLToPath(new URL("../../schema/schema.graphql", import.meta.url));
  const outPath = fileURLToPath(new URL("./schema_env.d.ts", import.meta.url));
  writeFileSync(outPath, schemaEnvironment(readFileSync(sdlPath, "utf8")));
}
