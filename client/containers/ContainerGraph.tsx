import { createMemo, type JSX, lazy, Show, Suspense } from "solid-js";
import type { GraphEdge, GraphNode } from "../dag/graph_model.ts";
import { useTexts } from "../lib/services.ts";
import type { ContainerDraft } from "./container_draft.ts";
import type { SeenRun } from "./container_live.ts";

const Graph = lazy(() => import("../dag/Graph.tsx"));

/** The draft as a graph, with the states of a run on top while one goes on. */
export function ContainerGraph(props: {
  readonly draft: ContainerDraft;
  readonly run: SeenRun | null;
  readonly selected: string | null;
  readonly select: (key: string | null) => void;
}): JSX.Element {
  const t = useTexts();
  const nodes = createMemo((): readonly GraphNode[] =>
    props.draft.tasks.map(({ key, name, enabled }) => ({
      id: key,
      name: name || "…",
      enabled,
      state: props.run === null ? null : props.run.states.get(key) ?? "PENDING",
    }))
  );
  const edges = createMemo((): readonly GraphEdge[] =>
    props.draft.waits.map(({ upstream, downstream, condition }) => ({
      from: upstream,
      to: downstream,
      condition,
    }))
  );
  return (
    <Show when={nodes().length > 0} fallback={<p class="graph-none muted">{t("container.graphEmpty")}</p>}>
      <Suspense>
        <Graph
          nodes={nodes()}
          edges={edges()}
          selected={props.selected}
          select={props.select}
          label={t("container.graph")}
        />
      </Suspense>
    </Show>
  );
}
