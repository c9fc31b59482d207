import { For, type JSX, Show } from "solid-js";
import { type RunCause, runCauses, type RunState, runStates } from "../../schema/states.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { formatLocal } from "../lib/time.ts";
import { ContainerSelect } from "../ui/ContainerSelect.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { XIcon } from "../ui/icons.ts";
import { Select } from "../ui/Select.tsx";
import { StateIcon } from "../ui/State.tsx";
import { type RunsFilter, type RunSpan, runSpans, toggleState, writeStates } from "./runs_state.ts";

export interface FilterChange {
  readonly state?: string | null;
  readonly container?: string | null;
  readonly cause?: string | null;
  readonly span?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
}

/** What the list is restricted to; each choice is written to the address. */
export function RunFilters(props: {
  readonly filter: RunsFilter;
  readonly span: RunSpan | null;
  /** A day or an hour that was chosen on the calendar or the grid. */
  readonly ranged: boolean;
  readonly set: (change: FilterChange) => void;
}): JSX.Element {
  const t = useTexts();
  const toggle = (state: RunState): void => {
    props.set({ state: writeStates(toggleState(props.filter.states, state)) });
  };
  const causes: readonly (RunCause | "ANY")[] = ["ANY", ...runCauses];
  const spans: readonly (RunSpan | "any")[] = ["any", ...runSpans];
  return (
    <div class="toolbar runs-filters">
      <div class="segments" role="group" aria-label={t("runs.filterState")}>
        <button
          type="button"
          class="segment"
          aria-pressed={props.filter.states.length === 0}
          onClick={() => props.set({ state: null })}
        >
          {t("runs.all")}
        </button>
        <For each={runStates}>
          {(state) => (
            <button
              type="button"
              class="segment"
              aria-pressed={props.filter.states.includes(state)}
              onClick={() => toggle(state)}
            >
              <StateIcon state={state} size={13} still />
              {t(`states.${state}`)}
            </button>
          )}
        </For>
      </div>
      <ContainerSelect
        containerId={props.filter.containerId}
        choose={(container) => props.set({ container })}
      />
      <Select
        class="filter-choice"
        label={t("runViews.cause")}
        value={props.filter.cause ?? "ANY"}
        options={causes}
        nameOf={(cause) => cause === "ANY" ? t("runViews.anyCause") : t(`causes.${cause}`)}
        change={(cause) => props.set({ cause: cause === "ANY" ? null : cause })}
      />
      <Show
        when={!props.ranged}
        fallback={<Range filter={props.filter} clear={() => props.set({ from: null, to: null })} />}
      >
        <Select
          class="filter-choice"
          label={t("runViews.time")}
          value={props.span ?? "any"}
          options={spans}
          nameOf={(span) => span === "any" ? t("runViews.anyTime") : t(`runSpans.${span}`)}
          change={(span) => props.set({ span: span === "any" ? null : span })}
        />
      </Show>
    </div>
  );
}

function Range(props: { readonly filter: RunsFilter; readonly clear: () => void }): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  // A present that is never today: the date belongs to a range.
  const write = (at: string | null): string => at === null ? "" : formatLocal(at, 0, texts.language());
  return (
    <span class="chip range-chip">
      {write(props.filter.from)} – {write(props.filter.to)}
      <IconButton name={t("runViews.clearTime")} press={() => props.clear()}>
        <XIcon size={13} />
      </IconButton>
    </span>
  );
}
