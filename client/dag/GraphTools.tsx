import { For, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import {
  AlignHorizontalSpaceAroundIcon,
  AlignStartHorizontalIcon,
  AlignStartVerticalIcon,
  AlignVerticalSpaceAroundIcon,
  MaximizeIcon,
  PencilIcon,
  PlusIcon,
  SplineIcon,
  Trash2Icon,
  WandSparklesIcon,
  ZoomInIcon,
  ZoomOutIcon,
} from "../ui/icons.ts";
import { type Alignment, alignments, type GraphSelection } from "./graph_edit_state.ts";
import type { GraphCommand } from "./graph_keys.ts";

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
  readonly linking: boolean;
  readonly run: (command: GraphCommand) => void;
  readonly align: (how: Alignment) => void;
}

/** What can be done with the drawing, and with what is selected on it. */
export function GraphTools(props: GraphToolsProps): JSX.Element {
  const t = useTexts();
  const count = (): number => props.selection.tasks.size;
  return (
    <div class="graph-bar">
      <div class="graph-tools" role="toolbar" aria-label={t("dag.tools")}>
        <IconButton changes name={t("dag.create")} keys="N" press={() => props.run({ kind: "create" })}>
          <PlusIcon />
        </IconButton>
        <IconButton
          changes
          name={t("dag.link")}
          keys="L"
          press={() => props.run({ kind: "link" })}
          pressed={props.linking}
          disabled={count() !== 1 && !props.linking}
        >
          <SplineIcon />
        </IconButton>
        <IconButton changes name={t("dag.tidy")} keys="T" press={() => props.run({ kind: "tidy" })}>
          <WandSparklesIcon />
        </IconButton>
        <Show when={count() > 1}>
          <span class="graph-rule" />
          <For each={alignments}>
            {(how) => {
              const Icon = alignIcons[how];
              return (
                <IconButton
                  changes
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
        <Show when={count() === 1}>
          <IconButton name={t("dag.edit")} keys="Enter" press={() => props.run({ kind: "confirm" })}>
            <PencilIcon />
          </IconButton>
        </Show>
        <Show when={count() > 0}>
          <IconButton
            changes
            name={t("dag.remove")}
            keys="Delete"
            press={() => props.run({ kind: "remove" })}
          >
            <Trash2Icon />
          </IconButton>
        </Show>
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
    </div>
  );
}
