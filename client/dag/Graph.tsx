/**
 * The graph of a container or a run. For those who cannot see a canvas it is one image with a summary; the list beside
 * it is its twin, with the same selection.
 */
import { createEffect, createMemo, type JSX, on, onCleanup, onMount } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { MaximizeIcon } from "../ui/icons.ts";
import { type Canvas, openCanvas } from "./canvas.ts";
import { countStates, type GraphEdge, type GraphNode, graphShape, stepInGraph } from "./graph_model.ts";
import "./graph.css";

export interface GraphProps {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly selected: string | null;
  readonly select: (id: string | null) => void;
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
      select: (id) => props.select(id),
      moving: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    canvas = opened;
    onCleanup(opened.close);
    const shape = createMemo(() => graphShape(props.nodes, props.edges));
    createEffect(on(shape, () => opened.draw(props.nodes, props.edges)));
    createEffect(() => opened.show(props.nodes));
    createEffect(on([() => props.selected, shape], ([selected]) => opened.select(selected)));
    createEffect(on(theme.theme, opened.restyle, { defer: true }));
  });
  onCleanup(() => (canvas = undefined));

  const summary = (): string =>
    countStates(props.nodes).map(([state, count]) => `${count} ${t(`states.${state}`)}`).join(", ");
  const step = (event: KeyboardEvent): void => {
    if (!event.key.startsWith("Arrow")) return;
    const next = stepInGraph(props.nodes, props.edges, props.selected, event.key);
    event.preventDefault();
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
        onKeyDown={step}
      />
      <IconButton name={t("dag.fit")} class="graph-fit" press={() => canvas?.fit()}>
        <MaximizeIcon size={14} />
      </IconButton>
    </figure>
  );
}
