/**
 * The graph of a container or a run, drawn by cytoscape. Its place and zoom stay through every change of state; it is
 * laid out anew only when tasks or relations come or go. For those who cannot see a canvas it is one image with a
 * summary: the list beside it is its twin, with the same selection.
 */
import cytoscape, { type Core, type ElementDefinition } from "cytoscape";
import { createEffect, createMemo, type JSX, on, onCleanup, onMount } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { stateLooks } from "../lib/states.ts";
import { MaximizeIcon } from "../ui/icons.ts";
import { conditionLooks, countStates, type GraphEdge, type GraphNode, stepInGraph } from "./graph_model.ts";
import { graphStyle } from "./graph_style.ts";
import { layoutGraph } from "./layout.ts";
import { measureLabel } from "./labels.ts";
import "./graph.css";

const LEAST_ZOOM = 0.1;
const MOST_ZOOM = 2;
/** A small graph is not blown up to fill the place. */
const MOST_FITTED_ZOOM = 1.15;
const FIT_PADDING = 24;
const COLUMN_SPACE = 56;
const ROW_GAP = 54;

export interface GraphProps {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly selected: string | null;
  readonly select: (id: string | null) => void;
  readonly label: string;
}

// deno-lint-ignore no-default-export -- lazy parts are loaded by their default
export default function Graph(props: GraphProps): JSX.Element {
  const { theme } = useServices();
  const t = useTexts();
  let place: HTMLDivElement | undefined;
  const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  onMount(() => {
    if (place === undefined) return;
    const graph = open(place, () => graphStyle(token));
    onCleanup(() => graph.destroy());
    graph.on("tap", "node", (event) => props.select(event.target.id()));
    graph.on("mouseover", "node", (event) => fadeOthers(graph, event.target.id()));
    graph.on("mouseout", "node", () => graph.elements().removeClass("faded"));
    const resized = new ResizeObserver(() => {
      graph.resize();
      fit(graph);
    });
    resized.observe(place);
    onCleanup(() => resized.disconnect());

    const shape = createMemo(() => shapeOf(props.nodes, props.edges));
    createEffect(on(shape, () => {
      graph.elements().remove();
      graph.add(elements(props.nodes, props.edges, (edge) => t(`edges.${edge.condition}`), token("--font-sans")));
      fit(graph);
    }));
    createEffect(() => showStates(graph, props.nodes));
    createEffect(() => {
      const { selected } = props;
      graph.batch(() => {
        graph.nodes().unselect();
        if (selected !== null) graph.getElementById(selected).select();
      });
    });
    createEffect(on(theme.theme, () => graph.style(graphStyle(token)), { defer: true }));
  });

  const summary = (): string =>
    countStates(props.nodes).map(([state, count]) => `${count} ${t(`states.${state}`)}`).join(", ");
  const step = (event: KeyboardEvent): void => {
    const next = stepInGraph(props.nodes, props.edges, props.selected, event.key);
    if (next === null || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    props.select(next);
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
      <button
        type="button"
        class="button quiet icon graph-fit"
        aria-label={t("dag.fit")}
        title={t("dag.fit")}
        onClick={() => place && fit(instanceOf(place))}
      >
        <MaximizeIcon size={14} />
      </button>
    </figure>
  );
}
