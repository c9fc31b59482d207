/**
 * The graph as a drawing that can be changed: by pointer, by keyboard, by the tools above it. The list beside it is its
 * twin, with the same selection, for everything that a drawing cannot say.
 */
import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import type { RelationCondition } from "../../schema/states.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { type Canvas, openCanvas } from "./canvas.ts";
import {
  alignBoxes,
  type Alignment,
  type GraphSelection,
  linkRefusal,
  nothingSelected,
  type Places,
  snap,
} from "./graph_edit_state.ts";
import { graphCommand } from "./graph_keys.ts";
import { countStates, type GraphEdge, type GraphNode, graphShape, stepInGraph } from "./graph_model.ts";
import { GraphTools } from "./GraphTools.tsx";
import type { Place } from "./layout.ts";
import "./graph.css";

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
  readonly create: (upstream: readonly string[], at: Place | null) => void;
  readonly remove: (selection: GraphSelection) => void;
}

/** A link that was begun by the keyboard. */
interface Linking {
  readonly from: string;
  readonly aim: string | null;
}

export default function EditableGraph(props: EditableGraphProps): JSX.Element {
  const { theme } = useServices();
  const t = useTexts();
  let place: HTMLDivElement | undefined;
  let canvas: Canvas | undefined;
  const [hint, setHint] = createSignal<string | null>(null);
  const [linking, setLinking] = createSignal<Linking | null>(null);
  const names = createMemo(() => new Map(props.nodes.map(({ id, name }) => [id, name])));
  const nameOf = (id: string): string => names().get(id) ?? id;

  const refusal = (from: string, to: string): string | null => {
    const why = linkRefusal(props.edges, from, to);
    if (why === null) return null;
    if (why.kind !== "cycle") return t(`dagRefusals.${why.kind}`);
    return t("dag.cycle", why.path.map(nameOf).join(" → "));
  };
  const link = (from: string, to: string): void => {
    endLinking();
    props.relate(from, to, "SUCCESS");
    props.choose({ tasks: new Set(), edge: { from, to } });
  };
  const endLinking = (): void => {
    setLinking(null);
    setHint(null);
    canvas?.edited?.aim(null, true);
  };
  const startLinking = (): void => {
    const [from, ...more] = props.selection.tasks;
    if (from === undefined || more.length > 0) {
      setHint(t("dag.linkNeeds"));
      return;
    }
    setLinking({ from, aim: null });
    setHint(t("dag.linking", nameOf(from)));
  };
  const aimAt = (started: Linking, step: 1 | -1): void => {
    const ids = props.nodes.map(({ id }) => id).filter((id) => id !== started.from);
    const at = started.aim === null ? (step === 1 ? -1 : 0) : ids.indexOf(started.aim);
    const aim = ids.at((at + step) % ids.length);
    if (aim === undefined) return;
    const why = refusal(started.from, aim);
    setLinking({ ...started, aim });
    setHint(why ?? t("dag.linkTo", nameOf(started.from), nameOf(aim)));
    canvas?.edited?.aim(aim, why === null);
    canvas?.edited?.reveal(aim);
  };

  onMount(() => {
    if (place === undefined) return;
    const opened = openCanvas({
      place,
      token: (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim(),
      words: ({ condition }) => t(`edges.${condition}`),
      select: () => {},
      moving: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      editing: {
        choose: (selection) => {
          setHint(null);
          props.choose(selection);
        },
        moved: (places) => props.move(places),
        link,
        refusal,
        hint: setHint,
        open: (id) => props.open(id),
        create: (at) => props.create([], at),
        linkingFrom: () => linking()?.from ?? null,
      },
    });
    canvas = opened;
    onCleanup(opened.close);
    const shape = createMemo(() => graphShape(props.nodes, props.edges));
    createEffect(on(shape, () => opened.draw(props.nodes, props.edges)));
    createEffect(() => opened.show(props.nodes));
    createEffect(on([() => props.selection, shape], ([selection]) => opened.edited?.choose(selection)));
    createEffect(on(theme.theme, opened.restyle, { defer: true }));
    // Names are as wide as the font makes them, and it may come late.
    void document.fonts.ready.then(() => {
      if (canvas !== undefined) opened.draw(props.nodes, props.edges);
    });
  });
  onCleanup(() => (canvas = undefined));

  const choose = (id: string, extend: boolean): void => {
    props.choose({ tasks: new Set([...(extend ? props.selection.tasks : []), id]), edge: null });
    canvas?.edited?.reveal(id);
  };
  const step = (key: string, extend: boolean): void => {
    const started = linking();
    if (started !== null) {
      aimAt(started, key === "ArrowRight" || key === "ArrowDown" ? 1 : -1);
      return;
    }
    const from = [...props.selection.tasks].at(-1) ?? null;
    const next = stepInGraph(props.nodes, props.edges, from, key);
    if (next !== null) choose(next, extend);
  };
  /** Places of all tasks with these changes, so that from the first move on every task has a place of its own. */
  const moveTo = (changed: Places, subject?: string): void => {
    const boxes = canvas?.edited?.boxes() ?? new Map();
    props.move(new Map([...boxes].map(([id, box]) => [id, snap(changed.get(id) ?? box)])), subject);
  };
  const chosenBoxes = () =>
    new Map([...canvas?.edited?.boxes() ?? []].filter(([id]) => props.selection.tasks.has(id)));
  const nudge = (x: number, y: number): void => {
    const moved = [...chosenBoxes()].map(([id, box]) => [id, { x: box.x + x, y: box.y + y }] as const);
    if (moved.length > 0) moveTo(new Map(moved), "nudge");
  };
  const align = (how: Alignment): void => moveTo(alignBoxes(chosenBoxes(), how));
  const confirm = (): void => {
    const started = linking();
    const [only, ...more] = props.selection.tasks;
    if (started === null) {
      if (only !== undefined && more.length === 0) props.open(only);
    } else if (started.aim !== null && refusal(started.from, started.aim) === null) {
      link(started.from, started.aim);
    }
  };
  const cancel = (): void => {
    if (linking() !== null) endLinking();
    else props.choose(nothingSelected);
  };
  const remove = (): void => {
    const { tasks, edge } = props.selection;
    if (tasks.size > 0 || edge !== null) props.remove(props.selection);
  };
  const press = (event: KeyboardEvent): void => {
    const command = graphCommand(event);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    switch (command.kind) {
      case "step":
        return step(command.key, command.extend);
      case "nudge":
        return nudge(command.x, command.y);
      case "zoom":
        return canvas?.zoom(command.step);
      case "confirm":
        return confirm();
      case "cancel":
        return cancel();
      case "remove":
        return remove();
      case "link":
        return startLinking();
      case "all":
        return props.choose({ tasks: new Set(props.nodes.map(({ id }) => id)), edge: null });
      case "tidy":
        return props.tidy();
      case "fit":
        return canvas?.fit();
      case "create":
        return props.create([...props.selection.tasks], null);
      default:
        return never(command);
    }
  };

  const summary = (): string =>
    countStates(props.nodes).map(([state, count]) => `${count} ${t(`states.${state}`)}`).join(", ");
  const said = (): string => {
    const [only, ...more] = props.selection.tasks;
    if (only === undefined) return "";
    if (more.length > 0) return t("dag.selected", more.length + 1);
    const before = props.edges.filter(({ to }) => to === only).map(({ from }) => nameOf(from));
    return before.length === 0 ? nameOf(only) : t("dag.waitsFor", nameOf(only), before.join(", "));
  };
  return (
    <figure class="graph editable">
      <GraphTools
        selection={props.selection}
        edges={props.edges}
        nameOf={nameOf}
        linking={linking() !== null}
        hint={hint()}
        link={() => (linking() === null ? startLinking() : endLinking())}
        create={() => props.create([...props.selection.tasks], null)}
        tidy={() => {
          props.tidy();
          canvas?.fit();
        }}
        align={align}
        remove={remove}
        relate={props.relate}
        zoom={(direction) => canvas?.zoom(direction)}
        fit={() => canvas?.fit()}
      />
      <div
        ref={(element) => (place = element)}
        class="graph-canvas"
        role="application"
        tabindex="0"
        aria-label={`${props.label}. ${summary()}`}
        aria-describedby="graph-keys"
        onKeyDown={press}
      />
      <Show when={props.nodes.length === 0}>
        <p class="graph-none muted">{props.empty}</p>
      </Show>
      <p id="graph-keys" class="unseen">{t("dag.keys")}</p>
      <p class="unseen" aria-live="polite">{said()}</p>
    </figure>
  );
}

function never(command: never): never {
  throw new Error(`Unknown command ${JSON.stringify(command)}`);
}
