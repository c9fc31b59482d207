/**
 * The run as a whole: what waits for what, when what ran, what was different when it last worked. In a narrow window each
 * of them takes the place of the output, and the list of the tasks is the one with their bars.
 */
import { createMemo, For, type JSX, lazy, Match, Show, Suspense, Switch } from "solid-js";
import type { GraphEdge, GraphNode } from "../dag/graph_model.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChartGanttIcon, GitCompareIcon, ScrollTextIcon, WorkflowIcon } from "../ui/icons.ts";
import type { LastGood } from "./last_good.ts";
import type { ShownRun, ShownTaskRun } from "./run_state.ts";
import type { RunAddress } from "./run_address.ts";
import { type RunView, runViews } from "./run_view_state.ts";

const Graph = lazy(() => import("../dag/Graph.tsx"));
const Timeline = lazy(() => import("./Timeline.tsx"));
const Compare = lazy(() => import("./Compare.tsx"));

const icons = {
  output: ScrollTextIcon,
  graph: WorkflowIcon,
  timeline: ChartGanttIcon,
  compare: GitCompareIcon,
};

export function RunViews(props: {
  readonly run: ShownRun;
  readonly taskRuns: readonly ShownTaskRun[];
  readonly address: RunAddress;
  readonly step: (by: 1 | -1) => void;
  readonly lastGood: LastGood;
}): JSX.Element {
  const { keyboard } = useServices();
  const t = useTexts();
  keyboard.bind([
    { keys: "v g", meaning: () => t("runEnd.graph"), run: () => props.address.show("graph") },
    { keys: "v t", meaning: () => t("runEnd.timeline"), run: () => props.address.show("timeline") },
    { keys: "v c", meaning: () => t("runEnd.compare"), run: () => props.address.show("compare") },
  ]);
  const labels = (): { readonly [V in RunView]: string } => ({
    output: t("run.outputTab"),
    graph: t("run.graphTab"),
    timeline: props.address.narrow() ? t("run.tasksTab") : t("timeline.tab"),
    compare: t("compare.tab"),
  });
  const selectByName = (name: string): void => {
    const found = props.taskRuns.find((taskRun) => taskRun.name === name);
    if (found !== undefined) props.address.open(found.id);
  };
  return (
    <section class="run-view" data-view={props.address.view()}>
      <div class="run-view-head">
        <div class="segments" role="group" aria-label={t("timeline.views")}>
          <For each={runViews(props.address.narrow())}>
            {(view) => {
              const Icon = icons[view];
              return (
                <button
                  type="button"
                  class="segment"
                  aria-pressed={props.address.view() === view}
                  onClick={() => props.address.show(view)}
                >
                  <Icon size={14} />
                  {labels()[view]}
                </button>
              );
            }}
          </For>
        </div>
      </div>
      <Show when={props.address.view() !== "output"}>
        <div class="run-view-body">
          <Suspense>
            <Switch>
              <Match when={props.address.view() === "graph"}>
                <RunGraph {...props} />
              </Match>
              <Match when={props.address.view() === "timeline"}>
                <Timeline
                  run={props.run}
                  taskRuns={props.taskRuns}
                  selected={props.address.selected()}
                  select={props.address.open}
                  step={props.step}
                  follows={!props.address.narrow()}
                />
              </Match>
              <Match when={props.address.view() === "compare"}>
                <Compare run={props.run} lastGood={props.lastGood} select={selectByName} />
              </Match>
            </Switch>
          </Suspense>
        </div>
      </Show>
    </section>
  );
}

function RunGraph(props: {
  readonly run: ShownRun;
  readonly taskRuns: readonly ShownTaskRun[];
  readonly address: RunAddress;
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
      selected={props.address.selected()}
      chosen={props.address.chosen()}
      select={props.address.select}
      open={props.address.open}
      label={t("run.graph")}
    />
  );
}
