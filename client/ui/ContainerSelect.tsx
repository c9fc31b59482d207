import { createQuery } from "@urql/solid";
import type { JSX } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Select } from "./Select.tsx";
import { ContainerNamesDocument } from "./filter_documents.ts";
import "./filters.css";

/** One container, or any of them; a filter of lists. */
export function ContainerSelect(props: {
  readonly containerId: string | null;
  readonly choose: (id: string | null) => void;
}): JSX.Element {
  const t = useTexts();
  const [names] = createQuery({ query: ContainerNamesDocument, variables: {} });
  const containers = (): readonly { readonly id: string; readonly name: string }[] =>
    names.data?.containers.edges.map(({ node }) => node) ?? [];
  // One that a link names may be beyond the names that were read.
  const ids = (): readonly string[] => [
    ...new Set([
      "",
      ...containers().map(({ id }) => id),
      ...(props.containerId === null ? [] : [props.containerId]),
    ]),
  ];
  const nameOf = (id: string): string =>
    id === ""
      ? t("runs.anyContainer")
      : containers().find((container) => container.id === id)?.name ?? t("runs.oneContainer");
  return (
    <Select
      class="filter-container"
      label={t("runs.filterContainer")}
      value={props.containerId ?? ""}
      options={ids()}
      nameOf={nameOf}
      change={(id) => props.choose(id === "" ? null : id)}
    />
  );
}
