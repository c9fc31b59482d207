/**
 * The graph as a drawing that can be changed: by pointer, by keyboard, by the tools above it. The list beside it is its
 * twin, with the same selection, for everything that a drawing cannot say.
 */
import { createEffect, createMemo, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import type { RelationCondition } from "../../schema/states.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { type Canvas, openCanvas } from "./canvas.ts";
import type { GraphSelection, Places } from "./graph_edit_state.ts";
import { createGraphEditing, type GraphEditing } from "./graph_editing.ts";
import { type GraphCommand, graphCommand } from "./graph_keys.ts";
import { countStates, type GraphEdge, type GraphNode, graphShape } from "./graph_model.ts";
import { GraphNotes } from "./GraphNotes.tsx";
import { GraphTools } from "./GraphTools.tsx";
import type { Place } from "./layout.ts";
import "./graph.css";

/** Where somebody puts a new task, and where the others stand, so that they stay there. */
export interface NewPlace {
  readonly at: Place;
  readonly places: Places;
}

export interface EditableGraphProps {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly label: string;
  /** What is said while there is no task. */
  readonly empty: string;
  readonly selection: GraphSelection;
  readonly choose: (selection: GraphSelection) => void;
  /** Tasks stand elsewhere; moves of one subject in a row are one step. */
  readonly move: (places: Places, subject?: string) => void;
  /** Forgets all places. */
  readonly tidy: () => void;
  /** Null takes the relation away. */
  readonly relate: (from: string, to: string, condition: RelationCondition | null) => void;
  /** Opens the form of a task. */
  readonly open: (id: string) => void;
  /** A new task, waiting for those; null: wherever there is room. */
  readonly create: (upstream: readonly string[], place: NewPlace | null) => void;
  readonly remove: (selection: GraphSelection) => void;
}

export default function EditableGraph(props: EditableGraphProps): JSX.Element {
  const t = useTexts();
  let place: HTMLDivElement | undefined;
  let canvas: Canvas | undefined;
  const editing = createGraphEditing(props, () => canvas);
  onMount(() => {
    if (place !== undefined) canvas = followGraph(place, props, editing);
  });
  onCleanup(() => {
    canvas?.close();
    canvas = undefined;
  });
  /** What was begun beside the drawing goes on in it, by its keys. */
  const run = (command: GraphCommand): void => {
    if (command.kind === "link" || command.kind === "remove") place?.focus({ preventScroll: true });
    editing.run(command);
  };
  bindKeys(run);
  /** Heard at the element itself, so that the page, which binds some of the same keys, does not hear it too. */
  const press = (event: KeyboardEvent): void => {
    const command = graphCommand(event);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    editing.run(command);
  };
  const summary = (): string =>
    countStates(props.nodes).map(([state, count]) => `${count} ${t(`states.${state}`)}`).join(", ");
  const said = (): string => {
    const [only, ...more] = props.selection.tasks;
    if (only === undefined) return "";
    if (more.length > 0) return t("dag.selected", more.length + 1);
    const before = props.edges.filter(({ to }) => to === only).map(({ from }) => editing.nameOf(from));
    const name = editing.nameOf(only);
    return before.length === 0 ? name : t("dag.waitsFor", name, before.join(", "));
  };
  return (
    <figure class="graph editable">
      <GraphTools
        selection={props.selection}
        linking={editing.linking()}
        run={run}
        align={editing.align}
      />
      <div class="graph-stage">
        <div
          ref={(element) => (place = element)}
          class="graph-canvas"
          role="application"
          tabindex="0"
          aria-label={`${props.label}. ${summary()}`}
          aria-describedby="graph-keys"
          on:keydown={press}
        />
        <GraphNotes
          selection={props.selection}
          edges={props.edges}
          nameOf={editing.nameOf}
          hint={editing.hint()}
          run={run}
          relate={props.relate}
        />
        <Show when={props.nodes.length === 0}>
          <p class="graph-none muted">{props.empty}</p>
        </Show>
      </div>
      <p id="graph-keys" class="unseen">{t("dag.keys")}</p>
      <p class="unseen" aria-live="polite">{said()}</p>
    </figure>
  );
}

/** These mean something wherever the focus is, as long as nobody types. */
function bindKeys(run: (command: GraphCommand) => void): void {
  const { keyboard } = useServices();
  const t = useTexts();
  keyboard.bind([
    { keys: "n", meaning: () => t("dag.create"), changes: true, run: () => run({ kind: "create" }) },
    { keys: "l", meaning: () => t("dag.link"), changes: true, run: () => run({ kind: "link" }) },
    { keys: "t", meaning: () => t("dag.tidy"), changes: true, run: () => run({ kind: "tidy" }) },
    { keys: "f", meaning: () => t("dag.fit"), run: () => run({ kind: "fit" }) },
  ]);
}

/** A canvas that shows whatever becomes of the graph, its selection and the theme. */
function followGraph(place: HTMLElement, props: EditableGraphProps, editing: GraphEditing): Canvas {
  const { theme } = useServices();
  const t = useTexts();
  const canvas = openCanvas({
    place,
    token: (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim(),
    words: ({ condition }) => t(`edges.${condition}`),
    select: () => {},
    moving: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    editing: editing.drawn,
  });
  const shape = createMemo(() => graphShape(props.nodes, props.edges));
  createEffect(on(shape, () => canvas.draw(props.nodes, props.edges)));
  createEffect(() => canvas.show(props.nodes));
  createEffect(on([() => props.selection, shape], ([selection]) => canvas.edited?.choose(selection)));
  createEffect(on(() => props.selection, ({ tasks }) => {
    const [only, ...more] = tasks;
    if (only !== undefined && more.length === 0) canvas.edited?.reveal(only);
  }));
  createEffect(on(theme.theme, canvas.restyle, { defer: true }));
  return canvas;
}
