import { A } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { For, type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { PlayIcon } from "../ui/icons.ts";
import { StateBadge } from "../ui/State.tsx";
import { Switch } from "../ui/Switch.tsx";
import { Ago, Duration } from "../ui/Time.tsx";
import { EnableContainerDocument } from "./containers_documents.ts";
import { applyRun, type ContainerRowData, type ContainersData, type RunRowData } from "./containers_state.ts";
import { createRunRequests, type RunRequests } from "./run_requests.ts";

type Change = (recipe: (data: ContainersData) => void) => void;

export function ContainersTable(props: {
  readonly edges: readonly { readonly node: ContainerRowData }[];
  readonly change: Change;
  readonly refreshing: boolean;
}): JSX.Element {
  const t = useTexts();
  const { keyboard } = useServices();
  const requests = createRunRequests();
  const run = async (id: string): Promise<void> => {
    const started = await requests.request(id);
    if (started !== null) props.change((data) => applyRun(data, started));
  };
  keyboard.bind([{
    keys: "r",
    meaning: () => t("keys.run"),
    run: () => {
      const id = document.activeElement?.getAttribute("data-container");
      if (id) void run(id);
    },
  }]);
  return (
    <div class="sheet">
      <div class="progress-place">
        <Show when={props.refreshing}>
          <div class="progress" />
        </Show>
      </div>
      <table class="rows containers">
        <thead>
          <tr>
            <th scope="col">{t("containers.name")}</th>
            <th scope="col">{t("containers.lastRun")}</th>
            <th scope="col">{t("containers.schedule")}</th>
            <th scope="col">{t("containers.nextFire")}</th>
            <th scope="col" class="fit">{t("containers.enabled")}</th>
            <th scope="col" class="fit">
              <span class="unseen">{t("containers.run")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.edges}>
            {(edge) => <Row row={edge.node} change={props.change} requests={requests} run={run} />}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  readonly row: ContainerRowData;
  readonly change: Change;
  readonly requests: RunRequests;
  readonly run: (id: string) => Promise<void>;
}): JSX.Element {
  const t = useTexts();
  const requested = (): boolean => props.requests.requested(props.row.id);
  return (
    <tr>
      <td class="name-cell">
        <A
          class="row-link"
          data-row
          data-container={props.row.id}
          href={`/containers/${encodeURIComponent(props.row.id)}`}
          title={props.row.description === "" ? undefined : props.row.description}
        >
          {props.row.name}
        </A>
      </td>
      <td data-wide>
        <LastRun run={props.row.lastRun} />
      </td>
      <td data-wide>
        <Show when={props.row.expression} fallback={<span class="muted">{t("containers.byHand")}</span>}>
          {(expression) => (
            <span title={props.row.timezone}>
              <code>{expression()}</code>
              <Show when={props.row.timezone !== "UTC"}>
                <span class="muted small zone">{props.row.timezone}</span>
              </Show>
            </span>
          )}
        </Show>
      </td>
      <td class="next-cell">
        <NextFire row={props.row} />
      </td>
      <td class="fit switch-cell">
        <span class="above">
          <EnabledSwitch row={props.row} change={props.change} />
        </span>
      </td>
      <td class="fit run-cell">
        <span class="above">
          <button
            type="button"
            class="button"
            classList={{ quiet: !requested() }}
            disabled={requested()}
            aria-label={t("containers.runNow", props.row.name)}
            onClick={() => void props.run(props.row.id)}
          >
            <PlayIcon size={13} />
            {requested() ? t("containers.requested") : t("containers.run")}
          </button>
        </span>
      </td>
    </tr>
  );
}

function LastRun(props: { readonly run: RunRowData | null }): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.run} fallback={<span class="muted">{t("containers.neverRan")}</span>}>
      {(run) => (
        <A
          class="last-run above"
          href={`/runs/${encodeURIComponent(run().id)}`}
          title={run().reason ?? undefined}
        >
          <StateBadge state={run().state} bare />
          <span class="muted">
            <Show
              when={run().finishedAt}
              fallback={<Duration startedAt={run().startedAt} finishedAt={null} />}
            >
              {(at) => <Ago at={at()} />}
            </Show>
          </span>
        </A>
      )}
    </Show>
  );
}

function NextFire(props: { readonly row: ContainerRowData }): JSX.Element {
  const t = useTexts();
  return (
    <Show
      when={props.row.enabled}
      fallback={<span class="muted">{props.row.expression && t("containers.paused")}</span>}
    >
      <Show
        when={props.row.nextFires[0]}
        fallback={<span class="muted">{props.row.expression && t("containers.noFire")}</span>}
      >
        {(at) => <Ago at={at()} />}
      </Show>
    </Show>
  );
}

/** Moves at once; goes back, and says why, when the server refuses. */
function EnabledSwitch(props: { readonly row: ContainerRowData; readonly change: Change }): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const show = (enabled: boolean): void =>
    props.change((data) => {
      const row = data.containers.edges.find(({ node }) => node.id === props.row.id)?.node;
      if (row !== undefined) row.enabled = enabled;
    });
  const change = async (enabled: boolean): Promise<void> => {
    const { id } = props.row;
    show(enabled);
    const result = await client.mutation(EnableContainerDocument, { id, enabled });
    const outcome = readOutcome(result, result.data?.updateContainer);
    if (outcome.kind === "done") {
      const { nextFires } = outcome.value;
      props.change((data) => {
        const row = data.containers.edges.find(({ node }) => node.id === id)?.node;
        if (row !== undefined) row.nextFires = nextFires;
      });
      return;
    }
    show(!enabled);
    toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <Switch
      checked={props.row.enabled}
      label={t("containers.enable", props.row.name)}
      hideLabel
      onChange={(enabled) => void change(enabled)}
    />
  );
}
