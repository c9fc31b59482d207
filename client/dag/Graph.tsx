/**
 * The graph of a container or a run. For those who cannot see a canvas it is one image with a summary; the list beside
 * it is its twin, with the same selection.
 */
import { createEffect, createMemo, type JSX, on, onCleanup, onMount } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { MaximizeIcon } from "../ui/icons.ts";
import { type Canvas, openCanvas } from "./canvas.ts";
import { type GraphCommand, graphCommand } from "./graph_keys.ts";
import { countStates, type GraphEdge, type GraphNode, graphShape, stepInGraph } from "./graph_model.ts";
import "./graph.css";

export interface GraphProps {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly selected: string | null;
  /** Somebody chose what is selected; else it may be left out of view. */
  readonly chosen: boolean;
  /** By an arrow key. */
  readonly select: (id: string | null) => void;
  /** By a press on it, or by Enter. */
  readonly open: (id: string | null) => void;
  readonly label: string;
}

export default function Graph(props: GraphProps): JSX.Element {
  const { theme } = useServices();
  const t = useTexts();
  let place: HTMLDivElement | undefined;
  let canvas: Canvas | undefined;

  onMount(() => {
    if (place === undefined) return;
    const opened = openCanvas({
      place,
      token: (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim(),
      words: ({ condition }) => t(`edges.${condition}`),
      select: (id) => props.open(id),
      moving: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    canvas = opened;
    onCleanup(opened.close);
    const shape = createMemo(() => graphShape(props.nodes, props.edges));
    createEffect(on(shape, () => opened.draw(props.nodes, props.edges)));
    createEffect(() => opened.show(props.nodes));
    createEffect(on([() => props.selected, shape], ([selected]) => opened.select(selected, props.chosen)));
    createEffect(on(theme.theme, opened.restyle, { defer: true }));
  });
  onCleanup(() => (canvas = undefined));

  const summary = (): string =>
    countStates(props.nodes).map(([state, count]) => `${count} ${t(`states.${state}`)}`).join(", ");
  const press = (event: KeyboardEvent): void => {
    const command = graphCommand(event);
    if (command === null || !isLooking(command)) return;
    event.preventDefault();
    // The page, which binds some of the same keys, does not hear it too.
    event.stopPropagation();
    if (command.kind === "fit") canvas?.fit();
    if (command.kind === "zoom") canvas?.zoom(command.step);
    if (command.kind === "confirm") props.open(props.selected);
    if (command.kind !== "step") return;
    const next = stepInGraph(props.nodes, props.edges, props.selected, command.key);
    if (next !== null) props.select(next);
  };
  return (
    <figure class="graph">
      <div
        ref={(element) => (place = element)}
        class="graph-canvas"
        role="img"
        tabindex="0"
        aria-label={`${props.label}. ${summary()}`}
        on:keydown={press}
      />
      <IconButton name={t("dag.fit")} keys="F" class="graph-fit" press={() => canvas?.fit()}>
        <MaximizeIcon size={14} />
      </IconButton>
    </figure>
  );
}

/** What can be done with a drawing that is only looked at. */
function isLooking({ kind }: GraphCommand): boolean {
  return kind === "step" || kind === "confirm" || kind === "fit" || kind === "zoom";
}
