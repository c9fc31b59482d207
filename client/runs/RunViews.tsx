/** The run as a whole, in one of three ways: what waits for what, when what ran, what was different when it last worked. */
import { createMemo, For, type JSX, lazy, Match, Suspense, Switch } from "solid-js";
import type { GraphEdge, GraphNode } from "../dag/graph_model.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChartGanttIcon, GitCompareIcon, WorkflowIcon } from "../ui/icons.ts";
import type { LastGood } from "./last_good.ts";
import type { ShownRun, ShownTaskRun } from "./run_state.ts";

const Graph = lazy(() => import("../dag/Graph.tsx"));
const Timeline = lazy(() => import("./Timeline.tsx"));
const Compare = lazy(() => import("./Compare.tsx"));

export const runViews = ["graph", "timeline", "compare"] as const;
export type RunView = typeof runViews[number];

export function readRunView(text: string | undefined): RunView {
  return runViews.find((view) => view === text) ?? "graph";
}

const icons = { graph: WorkflowIcon, timeline: ChartGanttIcon, compare: GitCompareIcon };

export function RunViews(props: {
  readonly run: ShownRun;
  readonly taskRuns: readonly ShownTaskRun[];
  readonly view: RunView;
  readonly show: (view: RunView) => void;
  readonly selected: string | null;
  readonly select: (id: string | null) => void;
  readonly lastGood: LastGood;
}): JSX.Element {
  const { keyboard } = useServices();
  const t = useTexts();
  keyboard.bind([
    { keys: "v g", meaning: () => t("runEnd.graph"), run: () => props.show("graph") },
    { keys: "v t", meaning: () => t("runEnd.timeline"), run: () => props.show("timeline") },
    { keys: "v c", meaning: () => t("runEnd.compare"), run: () => props.show("compare") },
  ]);
  const labels = (): { readonly [V in RunView]: string } => ({
    graph: t("run.graphTab"),
    timeline: t("timeline.tab"),
    compare: t("compare.tab"),
  });
  const selectByName = (name: string): void => {
    const found = props.taskRuns.find((taskRun) => taskRun.name === name);
    if (found !== undefined) props.select(found.id);
  };
  return (
    <section class="run-view" data-view={props.view}>
      <div class="run-view-head">
        <div class="segments" role="group" aria-label={t("timeline.views")}>
          <For each={runViews}>
            {(view) => {
              const Icon = icons[view];
              return (
                <button
                  type="button"
                  class="segment"
                  aria-pressed={props.view === view}
                  onClick={() => props.show(view)}
                >
                  <Icon size={14} />
                  {labels()[view]}
                </button>
              );
            }}
          </For>
        </div>
      </div>
      <div class="run-view-body">
        <Suspense>
          <Switch>
            <Match when={props.view === "graph"}>
              <RunGraph {...props} />
            </Match>
            <Match when={props.view === "timeline"}>
              <Timeline
                run={props.run}
                taskRuns={props.taskRuns}
                selected={props.selected}
                select={props.select}
              />
            </Match>
            <Match when={props.view === "compare"}>
              <Compare run={props.run} lastGood={props.lastGood} select={selectByName} />
            </Match>
          </Switch>
        </Suspense>
      </div>
    </section>
  );
}

function RunGraph(props: {
  readonly run: ShownRun;
  readonly taskRuns: readonly ShownTaskRun[];
  readonly selected: string | null;
  readonly select: (id: string | null) => void;
}): JSX.Element {
  const t = useTexts();
  const nodes = createMemo((): readonly GraphNode[] =>
    props.taskRuns.map(({ id, name, state }) => ({ id, name, state, enabled: true }))
  );
  const edges = createMemo((): readonly GraphEdge[] =>
    props.run.relations.map(({ upstream, downstream, condition }) => ({
      from: upstream.id,
      to: downstream.id,
      condition,
    }))
  );
  return (
    <Graph
      nodes={nodes()}
      edges={edges()}
      selected={props.selected}
      select={props.select}
      label={t("run.graph")}
    />
  );
}
