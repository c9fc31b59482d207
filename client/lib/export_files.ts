/** Containers downloaded as YAML: one of them by its name, or all. */
import type { Client } from "@urql/core";
import { faultMessage } from "../graphql/refusals.ts";
import { graphql } from "../graphql/tada.ts";

const ExportFilesDocument = graphql(`
  query ExportFiles($container: String, $project: String) {
    exportFiles(container: $container, project: $project)
  }
`);

/** Why it did not work; null when it did. */
export async function exportFiles(
  client: Client,
  container: { readonly name: string; readonly project: string } | null,
): Promise<string | null> {
  const variables = { container: container?.name ?? null, project: container?.project ?? "default" };
  const result = await client.query(ExportFilesDocument, variables, { requestPolicy: "network-only" });
  if (result.data === undefined || result.data === null) return faultMessage(result.error);
  const address = URL.createObjectURL(new Blob([result.data.exportFiles], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${container?.name ?? "containers"}.yaml`;
  link.click();
  URL.revokeObjectURL(address);
  return null;
}
