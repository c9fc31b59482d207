import { createMemo, type JSX, lazy, Suspense } from "solid-js";
import type { NewPlace } from "../dag/EditableGraph.tsx";
import type { GraphSelection } from "../dag/graph_edit_state.ts";
import type { GraphEdge, GraphNode } from "../dag/graph_model.ts";
import { useServices, useTexts } from "../lib/services.ts";
import type { ContainerEditor } from "./container_editor.ts";
import type { SeenRun } from "./container_live.ts";
import { setWait } from "./container_draft.ts";
import { addTaskAfter, forgetPlaces, placeTasks, removeTasks } from "./draft_graph.ts";

const EditableGraph = lazy(() => import("../dag/EditableGraph.tsx"));

/** Fetches the drawing's program, which is large, while the container is still being read. */
export function fetchGraph(): void {
  void EditableGraph.preload();
}

/** The draft as a drawing that can be changed, with the states of a run on top while one goes on. */
export function ContainerGraph(props: {
  readonly editor: ContainerEditor;
  readonly run: SeenRun | null;
  readonly selection: GraphSelection;
  readonly choose: (selection: GraphSelection) => void;
  readonly open: (key: string) => void;
}): JSX.Element {
  const { clock } = useServices();
  const t = useTexts();
  let added = 0;
  const nodes = createMemo((): readonly GraphNode[] =>
    props.editor.plain().tasks.map(({ key, name, enabled, position }) => ({
      id: key,
      name: name || "…",
      enabled,
      position,
      state: props.run === null ? null : props.run.states.get(key) ?? "PENDING",
    }))
  );
  const edges = createMemo((): readonly GraphEdge[] =>
    props.editor.plain().waits.map(({ upstream, downstream, condition }) => ({
      from: upstream,
      to: downstream,
      condition,
    }))
  );
  const create = (upstream: readonly string[], place: NewPlace | null): void => {
    const key = `drawn-${clock()}-${++added}`;
    const named = (number: number): string => t("task.fresh", number);
    if (props.editor.change((draft) => addTaskAfter(draft, key, named, upstream, place))) {
      props.open(key);
    }
  };
  const remove = ({ tasks, edge }: GraphSelection): void => {
    props.editor.change((draft) =>
      edge === null ? removeTasks(draft, tasks) : setWait(draft, edge.from, edge.to, null)
    );
  };
  return (
    <Suspense>
      <EditableGraph
        nodes={nodes()}
        edges={edges()}
        label={t("container.graph")}
        empty={t("container.graphEmpty")}
        selection={props.selection}
        choose={props.choose}
        move={(places, subject) => props.editor.change((draft) => placeTasks(draft, places), subject)}
        tidy={() => props.editor.change(forgetPlaces)}
        relate={(from, to, condition) => props.editor.change((draft) => setWait(draft, from, to, condition))}
        open={props.open}
        create={create}
        remove={remove}
      />
    </Suspense>
  );
}
