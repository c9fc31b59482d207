import { type JSX, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { useTexts } from "../lib/services.ts";
import { QueryFaces } from "../ui/faces.tsx";
import { VariableList } from "./VariableList.tsx";
import { ContainerVariablesDocument } from "./variables_documents.ts";

/** The tab of a container's page. What is set here is saved at once, and is no part of its version. */
export default function ContainerVariables(props: { readonly containerId: string }): JSX.Element {
  const t = useTexts();
  const query = createLiveQuery({
    document: ContainerVariablesDocument,
    variables: () => ({ id: props.containerId }),
  });
  return (
    <section class="container-forms" aria-label={t("variables.title")}>
      <p class="muted">{t("variables.containerLead")}</p>
      <QueryFaces query={query} rows={4} sheet />
      <Show when={query.data?.container}>
        {(container) => (
          <VariableList
            variables={container().variables}
            owner={{ containerId: props.containerId }}
            changed={query.refetch}
          />
        )}
      </Show>
    </section>
  );
}
