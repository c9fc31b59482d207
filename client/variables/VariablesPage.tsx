import { useSearchParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { titled } from "../lib/page_title.ts";
import { single } from "../lib/paging.ts";
import { useTexts } from "../lib/services.ts";
import { QueryFaces } from "../ui/faces.tsx";
import { ProjectSelect } from "../ui/ProjectSelect.tsx";
import { VariableList } from "./VariableList.tsx";
import { ProjectVariablesDocument } from "./variables_documents.ts";

/** Variables of a project; those of a container stand on its own page. */
export default function VariablesPage(): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<{ project?: string }>();
  titled(() => [{ label: t("variables.title") }]);
  const project = (): string => single(search.project) ?? "default";
  const query = createLiveQuery({
    document: ProjectVariablesDocument,
    variables: () => ({ project: project() }),
  });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("variables.title")}</h1>
        <span class="spread" />
        <ProjectSelect
          required
          project={project()}
          choose={(slug) => setSearch({ project: slug })}
        />
      </div>
      <p class="muted">{t("variables.projectLead")}</p>
      <QueryFaces query={query} rows={4} sheet />
      <Show when={query.data?.project}>
        {(found) => (
          <VariableList
            variables={found().variables}
            owner={{ project: project() }}
            changed={query.refetch}
          />
        )}
      </Show>
    </div>
  );
}
