import { createQuery } from "@urql/solid";
import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Select } from "./Select.tsx";
import { ProjectNamesDocument } from "./filter_documents.ts";
import "./filters.css";

/** One project, or any of them unless `required`; a filter of lists. Nothing while there is only one. */
export function ProjectSelect(props: {
  readonly project: string | null;
  readonly choose: (slug: string | null) => void;
  readonly required?: boolean;
}): JSX.Element {
  const t = useTexts();
  const [names] = createQuery({ query: ProjectNamesDocument, variables: {} });
  const projects = (): readonly { readonly slug: string; readonly name: string }[] =>
    names.data?.projects.edges.map(({ node }) => node) ?? [];
  const slugs = (): readonly string[] => [
    ...new Set([
      ...(props.required ? [] : [""]),
      ...projects().map(({ slug }) => slug),
      ...(props.project === null ? [] : [props.project]),
    ]),
  ];
  return (
    <Show when={projects().length > 1 || (props.project !== null && !props.required)}>
      <Select
        class="filter-choice"
        label={t("live.project")}
        value={props.project ?? ""}
        options={slugs()}
        nameOf={(slug) =>
          slug === "" ? t("live.anyProject") : projects().find((known) => known.slug === slug)?.name ?? slug}
        change={(slug) => props.choose(slug === "" ? null : slug)}
      />
    </Show>
  );
}
