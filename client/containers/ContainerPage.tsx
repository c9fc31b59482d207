import { useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { type JSX, lazy, Match, Show, Suspense, Switch } from "solid-js";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import { faultMessage } from "../graphql/refusals.ts";
import { titled } from "../lib/page_title.ts";
import { plainCopy } from "../lib/plain_copy.ts";
import { useTexts } from "../lib/services.ts";
import { single } from "../lib/paging.ts";
import { LoadFault, Skeleton } from "../ui/faces.tsx";
import { NotFound } from "../ui/NotFound.tsx";
import { type ContainerData, ContainerDocument, type ShownContainer } from "./container_documents.ts";
import { ContainerFacts } from "./ContainerFacts.tsx";
import { ContainerHead } from "./ContainerHead.tsx";
import { ContainerTabs } from "./ContainerTabs.tsx";
import { fetchGraph } from "./ContainerGraph.tsx";
import { createContainerEditor } from "./container_editor.ts";
import { followContainer } from "./container_live.ts";
import { type ContainerTab, readPart, readTab, writePart } from "./container_tabs.ts";
import { GraphTab } from "./GraphTab.tsx";
import { RoleScope } from "../ui/RoleScope.tsx";
import { guardUnsaved } from "./unsaved.ts";
import { OriginNotice } from "./OriginNotice.tsx";
import { RecentRuns } from "./RecentRuns.tsx";
import { SaveBar } from "./SaveBar.tsx";
import { SettingsForm } from "./SettingsForm.tsx";
import "./container.css";

const ScheduleTab = lazy(() => import("../schedule/ScheduleTab.tsx"));
const ContainerVariables = lazy(() => import("../variables/ContainerVariables.tsx"));
const VersionsTab = lazy(() => import("../versions/VersionsTab.tsx"));

export default function ContainerPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  return (
    <Show when={decodeURIComponent(params.id)} keyed>
      {(id) => <OneContainer id={id} />}
    </Show>
  );
}

function OneContainer(props: { readonly id: string }): JSX.Element {
  const query = createLiveQuery({ document: ContainerDocument, variables: () => ({ id: props.id }) });
  const [search] = useSearchParams<{ tab?: string }>();
  if (readTab(search.tab) === "graph") fetchGraph();
  const present = (): boolean => query.data?.container !== null && query.data?.container !== undefined;
  return (
    <Switch>
      <Match when={present()}>
        <RoleScope role={query.data?.container?.project.viewerRole}>
          <Editor id={props.id} query={query} />
        </RoleScope>
      </Match>
      <Match when={query.data !== undefined}>
        <NotFound what="container" />
      </Match>
      <Match when={query.error}>
        <div class="page">
          <LoadFault message={faultMessage(query.error)} retry={query.refetch} />
        </div>
      </Match>
      <Match when={query.loading}>
        <Skeleton rows={10} />
      </Match>
    </Switch>
  );
}

function Editor(props: { readonly id: string; readonly query: LiveQuery<ContainerData> }): JSX.Element {
  const t = useTexts();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams<{ tab?: string; task?: string; part?: string }>();
  const container = (): ShownContainer => shown(props.query);
  const editor = createContainerEditor(plainCopy(container()), () => props.query.refetch());
  const live = followContainer(props.id, props.query, editor, () => navigate("/containers"));
  guardUnsaved(() => editor.changes() > 0);
  titled(() => [{ label: t("containers.title"), href: "/containers" }, { label: container().name }]);
  const tab = (): ContainerTab => readTab(search.tab);
  const selected = (): string | null => single(search.task) ?? null;
  const select = (key: string | null, part = readPart(single(search.part))): void => {
    const tab = key === null ? search.tab ?? null : null;
    setSearch({ tab, task: key, part: writePart(part) }, { replace: true, scroll: false });
  };
  const changed = (name: ContainerTab): boolean => editor.changedParts().has(name);

  return (
    <div class="container-page">
      <ContainerHead container={container()} query={props.query} editor={editor} live={live} />
      <OriginNotice container={container()} />
      <ContainerTabs
        current={tab()}
        taskCount={editor.draft.tasks.length}
        changed={changed}
      />
      <Suspense fallback={<Skeleton rows={8} />}>
        <Switch>
          <Match when={tab() === "graph"}>
            <GraphTab
              editor={editor}
              live={live}
              part={readPart(single(search.part))}
              selected={selected()}
              select={select}
            />
          </Match>
          <Match when={tab() === "schedule"}>
            <ScheduleTab editor={editor} container={container()} />
          </Match>
          <Match when={tab() === "runs"}>
            <section class="container-forms">
              <RecentRuns containerId={props.id} />
            </section>
          </Match>
          <Match when={tab() === "settings"}>
            <section class="container-forms settings-columns">
              <SettingsForm editor={editor} />
              <ContainerFacts container={container()} />
            </section>
          </Match>
          <Match when={tab() === "variables"}>
            <ContainerVariables containerId={props.id} />
          </Match>
          <Match when={tab() === "versions"}>
            <VersionsTab containerId={props.id} editor={editor} />
          </Match>
        </Switch>
      </Suspense>
      <SaveBar editor={editor} />
    </div>
  );
}

/** The editor is drawn only while there is a container. */
function shown(query: LiveQuery<ContainerData>): ShownContainer {
  const container = query.data?.container;
  if (container === null || container === undefined) {
    throw new Error("The container's page is drawn without one");
  }
  return container;
}
