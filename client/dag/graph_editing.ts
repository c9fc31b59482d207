/**
 * What people do with a drawing, by pointer, keys or tools, told to whoever owns the graph. Linking by keys is a mode of
 * its own: it begins at a task, aims at others, and ends with anything else that is done.
 */
import { type Accessor, createMemo, createSignal, onCleanup } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import type { Canvas } from "./canvas.ts";
import type { CanvasEditing } from "./canvas_editing.ts";
import type { EditableGraphProps } from "./EditableGraph.tsx";
import {
  alignBoxes,
  type Alignment,
  type Box,
  linkRefusal,
  nothingSelected,
  type Places,
  snap,
} from "./graph_edit_state.ts";
import type { GraphCommand } from "./graph_keys.ts";
import { stepInGraph } from "./graph_model.ts";

export interface GraphEditing {
  /** What is to be read while something is drawn; null: nothing. */
  readonly hint: Accessor<string | null>;
  /** A link was begun by a key or a tool. */
  readonly linking: Accessor<boolean>;
  readonly nameOf: (id: string) => string;
  readonly run: (command: GraphCommand) => void;
  readonly align: (how: Alignment) => void;
  /** What the canvas tells. */
  readonly drawn: CanvasEditing;
}

/** A link that was begun by the keyboard. */
interface Linking {
  readonly from: string;
  readonly aim: string | null;
}

interface KeyLinking {
  readonly started: Accessor<Linking | null>;
  readonly start: () => void;
  readonly aim: (key: string) => void;
  /** Draws the link that is aimed at, when it can be. */
  readonly confirm: () => void;
  readonly end: () => void;
}

interface Linker {
  readonly refusal: (from: string, to: string) => string | null;
  readonly link: (from: string, to: string) => void;
  readonly nameOf: (id: string) => string;
  readonly setHint: (text: string | null) => void;
}

export function createGraphEditing(
  props: EditableGraphProps,
  canvas: () => Canvas | undefined,
): GraphEditing {
  const { readOnly } = useServices();
  const t = useTexts();
  const [hint, setHint] = createSignal<string | null>(null);
  const names = createMemo(() => new Map(props.nodes.map(({ id, name }) => [id, name])));
  const nameOf = (id: string): string => names().get(id) ?? id;
  const refusal = (from: string, to: string): string | null => {
    const why = linkRefusal(props.edges, from, to);
    if (why === null) return null;
    if (why.kind !== "cycle") return t(`dagRefusals.${why.kind}`);
    return t("dag.cycle", why.path.map(nameOf).join(" → "));
  };
  const link = (from: string, to: string): void => {
    linking.end();
    props.relate(from, to, "SUCCESS");
    props.choose({ tasks: new Set(), edge: { from, to } });
  };
  const linking = createKeyLinking(props, canvas, { refusal, link, nameOf, setHint });
  const places = createPlacing(props, canvas);
  forgetByNextStep(() => {
    if (linking.started() === null) setHint(null);
  });
  return {
    hint,
    linking: () => linking.started() !== null,
    nameOf,
    run: (command) => runCommand(command, props, canvas, linking, places.nudge),
    align: places.align,
    drawn: {
      changes: readOnly() === undefined,
      choose: (selection) => {
        setHint(null);
        props.choose(selection);
      },
      moved: (moved) => props.move(moved),
      link,
      refusal,
      hint: setHint,
      open: (id) => props.open(id),
      create: (at) => props.create([], { at, places: places.all() }),
      linkingFrom: () => linking.started()?.from ?? null,
    },
  };
}

/** Why something was refused is read until something else is done, wherever that is. */
function forgetByNextStep(forget: () => void): void {
  addEventListener("pointerdown", forget, true);
  addEventListener("keydown", forget, true);
  onCleanup(() => {
    removeEventListener("pointerdown", forget, true);
    removeEventListener("keydown", forget, true);
  });
}

function createKeyLinking(
  props: EditableGraphProps,
  canvas: () => Canvas | undefined,
  { refusal, link, nameOf, setHint }: Linker,
): KeyLinking {
  const t = useTexts();
  const [started, setStarted] = createSignal<Linking | null>(null);
  return {
    started,
    start: () => {
      const [from, ...more] = props.selection.tasks;
      if (from === undefined || more.length > 0) {
        setHint(t("dag.linkNeeds"));
        return;
      }
      setStarted({ from, aim: null });
      setHint(t("dag.linking", nameOf(from)));
    },
    aim: (key) => {
      const present = started();
      if (present === null) return;
      const step = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
      const ids = props.nodes.map(({ id }) => id).filter((id) => id !== present.from);
      const at = present.aim === null ? (step === 1 ? -1 : 0) : ids.indexOf(present.aim);
      const aim = ids.at((at + step) % ids.length);
      if (aim === undefined) return;
      const why = refusal(present.from, aim);
      setStarted({ ...present, aim });
      setHint(why ?? t("dag.linkTo", nameOf(present.from), nameOf(aim)));
      canvas()?.edited?.aim(aim, why === null);
      canvas()?.edited?.reveal(aim);
    },
    confirm: () => {
      const present = started();
      if (present === null || present.aim === null) return;
      if (refusal(present.from, present.aim) === null) link(present.from, present.aim);
    },
    end: () => {
      if (started() === null) return;
      setStarted(null);
      setHint(null);
      canvas()?.edited?.aim(null, true);
    },
  };
}

interface Placing {
  /** Where every task stands, on the grid. */
  readonly all: (changed?: Places) => Places;
  readonly nudge: (x: number, y: number) => void;
  readonly align: (how: Alignment) => void;
}

function createPlacing(
  props: EditableGraphProps,
  canvas: () => Canvas | undefined,
): Placing {
  /** Places of all tasks with these changes, so that from the first move on every task has a place of its own. */
  const all = (changed?: Places): Places => {
    const boxes = canvas()?.edited?.boxes() ?? new Map<string, Box>();
    return new Map([...boxes].map(([id, box]) => [id, snap(changed?.get(id) ?? box)]));
  };
  const moveTo = (changed: Places, subject?: string): void => props.move(all(changed), subject);
  const chosen = (): ReadonlyMap<string, Box> =>
    new Map([...canvas()?.edited?.boxes() ?? []].filter(([id]) => props.selection.tasks.has(id)));
  return {
    all,
    nudge: (x, y) => {
      const boxes = chosen();
      if (boxes.size === 0) return;
      const moved = [...boxes].map(([id, box]) => [id, { x: box.x + x, y: box.y + y }] as const);
      moveTo(new Map(moved), `nudge ${[...boxes.keys()].join(" ")}`);
    },
    align: (how) => moveTo(alignBoxes(chosen(), how)),
  };
}

function runCommand(
  command: GraphCommand,
  props: EditableGraphProps,
  canvas: () => Canvas | undefined,
  linking: KeyLinking,
  nudge: (x: number, y: number) => void,
): void {
  const inLink = linking.started() !== null;
  switch (command.kind) {
    case "step":
      return inLink ? linking.aim(command.key) : step(props, canvas, command.key, command.extend);
    case "zoom":
      return canvas()?.zoom(command.step);
    case "fit":
      return canvas()?.fit();
    case "confirm":
      return inLink ? linking.confirm() : openOnly(props);
    case "link":
      return inLink ? linking.end() : linking.start();
    case "cancel":
      return inLink ? linking.end() : props.choose(nothingSelected);
  }
  linking.end();
  switch (command.kind) {
    case "nudge":
      return nudge(command.x, command.y);
    case "remove":
      if (props.selection.tasks.size > 0 || props.selection.edge !== null) props.remove(props.selection);
      return;
    case "all":
      return props.choose({ tasks: new Set(props.nodes.map(({ id }) => id)), edge: null });
    case "tidy":
      props.tidy();
      return canvas()?.fit();
    case "create":
      return props.create([...props.selection.tasks], null);
    default:
      return never(command);
  }
}

function step(
  props: EditableGraphProps,
  canvas: () => Canvas | undefined,
  key: string,
  extend: boolean,
): void {
  const from = [...props.selection.tasks].at(-1) ?? null;
  const next = stepInGraph(props.nodes, props.edges, from, key);
  if (next === null) return;
  // The last one in the set is where the next step begins.
  const kept = extend ? [...props.selection.tasks].filter((id) => id !== next) : [];
  props.choose({ tasks: new Set([...kept, next]), edge: null });
  canvas()?.edited?.reveal(next);
}

function openOnly(props: EditableGraphProps): void {
  const [only, ...more] = props.selection.tasks;
  if (only !== undefined && more.length === 0) props.open(only);
}

function never(command: never): never {
  throw new Error(`Unknown command ${JSON.stringify(command)}`);
}
