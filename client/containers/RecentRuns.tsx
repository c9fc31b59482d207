import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { createRunList } from "../runs/run_list.ts";
import { runsOfContainer } from "../runs/runs_state.ts";
import { RunsTable } from "../runs/RunsTable.tsx";
import { Blank, QueryFaces } from "../ui/faces.tsx";

const RECENT_RUNS = 20;

/** The newest runs of one container, and the way to all of them. */
export function RecentRuns(props: { readonly containerId: string }): JSX.Element {
  const t = useTexts();
  const runs = createRunList({
    filter: () => runsOfContainer(props.containerId),
    page: () => ({ first: RECENT_RUNS, after: null, last: null, before: null }),
    onTop: () => true,
  });
  return (
    <>
      <QueryFaces query={runs.list} rows={5} />
      <Show when={runs.list.data?.runs}>
        {(shown) => (
          <Show
            when={shown().edges.length > 0 || runs.fresh().length > 0}
            fallback={<Blank title={t("runs.emptyTitle")} text={t("runs.emptyText")} />}
          >
            <RunsTable
              runs={shown().edges}
              refreshing={runs.list.refreshing}
              fresh={runs.fresh().length}
              showFresh={runs.showFresh}
              withoutContainer
            />
            <Show when={shown().pageInfo.hasNextPage}>
              <A class="link" href={`/runs?container=${encodeURIComponent(props.containerId)}`}>
                {t("runs.allOf")}
              </A>
            </Show>
          </Show>
        )}
      </Show>
    </>
  );
}
