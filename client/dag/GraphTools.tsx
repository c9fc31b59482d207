import { For, type JSX, Show } from "solid-js";
import { type RelationCondition, relationConditions } from "../../schema/states.ts";
import { useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import {
  AlignHorizontalSpaceAroundIcon,
  AlignStartHorizontalIcon,
  AlignStartVerticalIcon,
  AlignVerticalSpaceAroundIcon,
  MaximizeIcon,
  PlusIcon,
  SplineIcon,
  Trash2Icon,
  WandSparklesIcon,
  ZoomInIcon,
  ZoomOutIcon,
} from "../ui/icons.ts";
import { Select } from "../ui/Select.tsx";
import { type Alignment, alignments, type GraphSelection } from "./graph_edit_state.ts";
import type { GraphCommand } from "./graph_keys.ts";
import type { GraphEdge } from "./graph_model.ts";

/** With so many tasks selected a way of aligning them begins to mean something. */
const fewest: { readonly [A in Alignment]: number } = { left: 2, top: 2, spreadRight: 3, spreadDown: 3 };
const alignIcons = {
  left: AlignStartVerticalIcon,
  top: AlignStartHorizontalIcon,
  spreadRight: AlignHorizontalSpaceAroundIcon,
  spreadDown: AlignVerticalSpaceAroundIcon,
} as const;

export interface GraphToolsProps {
  readonly selection: GraphSelection;
  readonly edges: readonly GraphEdge[];
  readonly nameOf: (id: string) => string;
  readonly linking: boolean;
  /** What is to be read while something is drawn. */
  readonly hint: string | null;
  readonly run: (command: GraphCommand) => void;
  readonly align: (how: Alignment) => void;
  readonly relate: (from: string, to: string, condition: RelationCondition | null) => void;
}

/** What can be done with the drawing, and with what is selected on it. */
export function GraphTools(props: GraphToolsProps): JSX.Element {
  const t = useTexts();
  const count = (): number => props.selection.tasks.size;
  const edge = (): GraphEdge | undefined => {
    const chosen = props.selection.edge;
    if (chosen === null) return undefined;
    return props.edges.find(({ from, to }) => from === chosen.from && to === chosen.to);
  };
  return (
    <>
      <div class="graph-top">
        <div class="graph-tools" role="toolbar" aria-label={t("dag.tools")}>
          <IconButton name={t("dag.create")} keys="N" press={() => props.run({ kind: "create" })}>
            <PlusIcon />
          </IconButton>
          <IconButton
            name={t("dag.link")}
            keys="L"
            press={() => props.run({ kind: "link" })}
            pressed={props.linking}
            disabled={count() !== 1 && !props.linking}
          >
            <SplineIcon />
          </IconButton>
          <IconButton name={t("dag.tidy")} keys="T" press={() => props.run({ kind: "tidy" })}>
            <WandSparklesIcon />
          </IconButton>
          <Show when={count() > 1}>
            <span class="graph-rule" />
            <For each={alignments}>
              {(how) => {
                const Icon = alignIcons[how];
                return (
                  <IconButton
                    name={t(`alignments.${how}`)}
                    press={() => props.align(how)}
                    disabled={count() < fewest[how]}
                  >
                    <Icon />
                  </IconButton>
                );
              }}
            </For>
            <span class="muted small">{t("dag.selected", count())}</span>
          </Show>
          <Show when={count() > 0}>
            <IconButton name={t("dag.remove")} keys="Delete" press={() => props.run({ kind: "remove" })}>
              <Trash2Icon />
            </IconButton>
          </Show>
        </div>
        <Show when={edge()}>
          {(shown) => (
            <div class="graph-edge" role="group" aria-label={t("dag.relation")}>
              <span class="truncate">{props.nameOf(shown().to)}</span>
              <span class="muted">{t("dag.starts")}</span>
              <span class="truncate">{props.nameOf(shown().from)}</span>
              <Select
                label={t("task.condition", props.nameOf(shown().from))}
                value={shown().condition}
                options={relationConditions}
                nameOf={(condition) => t(`conditions.${condition}`)}
                change={(condition) => props.relate(shown().from, shown().to, condition)}
              />
              <IconButton name={t("dag.unlink")} keys="Delete" press={() => props.run({ kind: "remove" })}>
                <Trash2Icon />
              </IconButton>
            </div>
          )}
        </Show>
        <p class="graph-hint" classList={{ shown: props.hint !== null }} role="status">{props.hint}</p>
      </div>
      <div class="graph-view" role="toolbar" aria-label={t("dag.view")}>
        <IconButton name={t("dag.zoomIn")} keys="+" press={() => props.run({ kind: "zoom", step: 1 })}>
          <ZoomInIcon />
        </IconButton>
        <IconButton name={t("dag.zoomOut")} keys="-" press={() => props.run({ kind: "zoom", step: -1 })}>
          <ZoomOutIcon />
        </IconButton>
        <IconButton name={t("dag.fit")} keys="F" press={() => props.run({ kind: "fit" })}>
          <MaximizeIcon />
        </IconButton>
      </div>
    </>
  );
}
