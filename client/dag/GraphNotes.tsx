/** What lies upon the drawing for a moment: the relation that is selected, and what is to be read while something is drawn. */
import { type JSX, Show } from "solid-js";
import { type RelationCondition, relationConditions } from "../../schema/states.ts";
import { useTexts } from "../lib/services.ts";
import { Changes } from "../ui/Changes.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Trash2Icon } from "../ui/icons.ts";
import { Select } from "../ui/Select.tsx";
import type { GraphSelection } from "./graph_edit_state.ts";
import type { GraphCommand } from "./graph_keys.ts";
import type { GraphEdge } from "./graph_model.ts";

export function GraphNotes(props: {
  readonly selection: GraphSelection;
  readonly edges: readonly GraphEdge[];
  readonly nameOf: (id: string) => string;
  readonly hint: string | null;
  readonly run: (command: GraphCommand) => void;
  readonly relate: (from: string, to: string, condition: RelationCondition | null) => void;
}): JSX.Element {
  const t = useTexts();
  const edge = (): GraphEdge | undefined => {
    const chosen = props.selection.edge;
    if (chosen === null) return undefined;
    return props.edges.find(({ from, to }) => from === chosen.from && to === chosen.to);
  };
  return (
    <div class="graph-notes">
      <Show when={edge()}>
        {(shown) => (
          <div class="graph-edge" role="group" aria-label={t("dag.relation")}>
            <span class="truncate">{props.nameOf(shown().to)}</span>
            <span class="muted">{t("dag.starts")}</span>
            <span class="truncate">{props.nameOf(shown().from)}</span>
            <Changes>
              <Select
                label={t("task.condition", props.nameOf(shown().from))}
                value={shown().condition}
                options={relationConditions}
                nameOf={(condition) => t(`conditions.${condition}`)}
                change={(condition) => props.relate(shown().from, shown().to, condition)}
              />
            </Changes>
            <IconButton
              changes
              name={t("dag.unlink")}
              keys="Delete"
              press={() => props.run({ kind: "remove" })}
            >
              <Trash2Icon />
            </IconButton>
          </div>
        )}
      </Show>
      <p class="graph-hint" classList={{ shown: props.hint !== null }} role="status">{props.hint}</p>
    </div>
  );
}
