import { type JSX, Show } from "solid-js";
import { type RunState, runStates } from "../../schema/states.ts";
import type { VariablesOf } from "../graphql/tada.ts";
import { useTexts } from "../lib/services.ts";
import { EnabledFilter } from "../ui/EnabledFilter.tsx";
import { StarIcon, XIcon } from "../ui/icons.ts";
import { ProjectSelect } from "../ui/ProjectSelect.tsx";
import { Select } from "../ui/Select.tsx";
import type { ContainersDocument } from "./containers_documents.ts";
import type { ContainerOrder, ListView } from "./containers_state.ts";

const states: readonly (RunState | "ANY")[] = ["ANY", ...runStates];
const orders: readonly ContainerOrder[] = ["NAME", "NEXT_FIRE", "LAST_RUN"];

/** The view as the server is asked for it. */
export function filterOf(view: ListView): NonNullable<VariablesOf<typeof ContainersDocument>["filter"]> {
  return {
    ...(view.search === "" ? {} : { nameContains: view.search }),
    ...(view.state === null ? {} : { states: [view.state] }),
    ...(view.project === null ? {} : { project: view.project }),
    ...(view.tag === null ? {} : { tags: [view.tag] }),
    ...(view.favorite ? { favorite: true } : {}),
    ...(view.enabled === null ? {} : { enabled: view.enabled }),
  };
}

export function ContainerFilters(props: {
  readonly view: ListView;
  readonly show: (change: {
    state?: string | null;
    enabled?: string | null;
    sort?: string | null;
    project?: string | null;
    tag?: string | null;
    favorite?: string | null;
  }) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="toolbar container-filters" role="group" aria-label={t("containers.filters")}>
      <Select
        label={t("containers.filterState")}
        value={props.view.state ?? "ANY"}
        options={states}
        nameOf={(state) =>
          state === "ANY" ? t("containers.anyState") : t("containers.lastIs", t(`states.${state}`))}
        change={(state) => props.show({ state: state === "ANY" ? null : state })}
      />
      <ProjectSelect project={props.view.project} choose={(project) => props.show({ project })} />
      <button
        type="button"
        class="button"
        aria-pressed={props.view.favorite}
        onClick={() => props.show({ favorite: props.view.favorite ? null : "yes" })}
      >
        <StarIcon size={13} />
        {t("containers.favorites")}
      </button>
      <Show when={props.view.tag}>
        {(tag) => (
          <button
            type="button"
            class="button"
            title={t("containers.clearTag")}
            onClick={() => props.show({ tag: null })}
          >
            #{tag()} <XIcon size={12} />
          </button>
        )}
      </Show>
      <EnabledFilter enabled={props.view.enabled} change={(enabled) => props.show({ enabled })} />
      <Select
        label={t("containers.sort")}
        value={props.view.order}
        options={orders}
        nameOf={(order) => t(`containerOrders.${order}`)}
        change={(order) => props.show({ sort: order === "NAME" ? null : order })}
      />
    </div>
  );
}
