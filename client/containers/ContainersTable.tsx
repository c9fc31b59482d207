import { A } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { For, type JSX, Show } from "solid-js";
import { overlapPolicies, type OverlapPolicy } from "../../schema/states.ts";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServerWords } from "../lib/server_words.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { RoleScope } from "../ui/RoleScope.tsx";
import { ChangeButton, Changes } from "../ui/Changes.tsx";
import { RefreshLine } from "../ui/faces.tsx";
import { HeatStrip } from "../ui/HeatStrip.tsx";
import { PlayIcon } from "../ui/icons.ts";
import { Select } from "../ui/Select.tsx";
import { StateBadge } from "../ui/State.tsx";
import { Switch } from "../ui/Switch.tsx";
import { Ago, Duration } from "../ui/Time.tsx";
import { ContainerMarks } from "./ContainerMarks.tsx";
import { EnableContainerDocument, OverlapContainerDocument } from "./containers_documents.ts";
import { applyRun, type ContainerRowData, type ContainersData, type RunRowData } from "./containers_state.ts";
import { createRunRequests, type RunRequests } from "./run_requests.ts";
import type { Selection } from "./selection.ts";

type Change = (recipe: (data: ContainersData) => void) => void;

interface RowPorts {
  readonly change: Change;
  readonly requests: RunRequests;
  readonly run: (id: string) => Promise<void>;
  readonly selection: Selection;
}

export function ContainersTable(props: {
  readonly edges: readonly { readonly node: ContainerRowData }[];
  readonly change: Change;
  readonly refreshing: boolean;
  readonly selection: Selection;
}): JSX.Element {
  const t = useTexts();
  const { keyboard } = useServices();
  const requests = createRunRequests();
  const run = async (id: string): Promise<void> => {
    const started = await requests.request(id);
    if (started !== null) props.change((data) => applyRun(data, started));
  };
  const focused = (): string | null | undefined => document.activeElement?.getAttribute("data-container");
  keyboard.bind([
    {
      keys: "r",
      meaning: () => t("keys.run"),
      changes: true,
      run: () => {
        const id = focused();
        if (id) void run(id);
      },
    },
    {
      keys: "x",
      meaning: () => t("keys.select"),
      run: () => {
        const id = focused();
        if (id) props.selection.toggle(id);
      },
    },
  ]);
  const ids = (): readonly string[] => props.edges.map(({ node }) => node.id);
  return (
    <div class="sheet">
      <RefreshLine shown={props.refreshing} />
      <table class="rows containers">
        <Head ids={ids()} selection={props.selection} />
        <tbody>
          <For each={props.edges}>
            {(edge) => (
              <RoleScope role={edge.node.project.viewerRole}>
                <Row
                  row={edge.node}
                  ports={{ change: props.change, requests, run, selection: props.selection }}
                />
              </RoleScope>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Head(props: { readonly ids: readonly string[]; readonly selection: Selection }): JSX.Element {
  const t = useTexts();
  const all = (): boolean => props.ids.every((id) => props.selection.has(id));
  return (
    <thead>
      <tr>
        <th scope="col" class="fit">
          <input
            type="checkbox"
            class="check"
            aria-label={t("containers.selectAll")}
            checked={all()}
            onChange={() => props.selection.setAll(props.ids, !all())}
          />
        </th>
        <th scope="col">{t("containers.name")}</th>
        <th scope="col">{t("containers.lastRun")}</th>
        <th scope="col" class="heat-column">{t("containers.recent")}</th>
        <th scope="col">{t("containers.schedule")}</th>
        <th scope="col">{t("containers.nextFire")}</th>
        <th scope="col" class="overlap-column">{t("containers.overlap")}</th>
        <th scope="col" class="fit">{t("containers.enabled")}</th>
        <th scope="col" class="fit">
          <span class="unseen">{t("containers.run")}</span>
        </th>
      </tr>
    </thead>
  );
}

function Row(props: { readonly row: ContainerRowData; readonly ports: RowPorts }): JSX.Element {
  const t = useTexts();
  const requested = (): boolean => props.ports.requests.requested(props.row.id);
  return (
    <tr data-selected={props.ports.selection.has(props.row.id) ? "" : undefined}>
      <td class="fit check-cell">
        <span class="above">
          <input
            type="checkbox"
            class="check"
            aria-label={t("containers.select", props.row.name)}
            checked={props.ports.selection.has(props.row.id)}
            onChange={() => props.ports.selection.toggle(props.row.id)}
          />
        </span>
      </td>
      <td class="name-cell">
        <A
          class="row-link two-lines"
          data-row
          data-container={props.row.id}
          href={`/containers/${encodeURIComponent(props.row.id)}`}
          title={props.row.description === ""
            ? props.row.name
            : `${props.row.name}\n${props.row.description}`}
        >
          {props.row.name}
        </A>
        <ContainerMarks
          row={props.row}
          mark={(favorite) => changeRow(props.ports.change, props.row.id)((row) => (row.favorite = favorite))}
        />
      </td>
      <td class="last-cell">
        <LastRun run={props.row.lastRun} />
      </td>
      <td class="heat-cell">
        <HeatStrip
          runs={props.row.recentRuns}
          label={t("heat.label")}
          href={`/runs?container=${encodeURIComponent(props.row.id)}`}
        />
      </td>
      <td class="schedule-cell">
        <Words row={props.row} />
      </td>
      <td class="next-cell">
        <NextFire row={props.row} />
      </td>
      <td class="overlap-cell">
        <Changes>
          <OverlapSelect row={props.row} change={props.ports.change} />
        </Changes>
      </td>
      <td class="fit switch-cell">
        <span class="above">
          <EnabledSwitch row={props.row} change={props.ports.change} />
        </span>
      </td>
      <td class="fit run-cell">
        <span class="above">
          <ChangeButton
            runs
            class="button"
            classList={{ quiet: !requested() }}
            disabled={requested()}
            aria-label={t("containers.runNow", props.row.name)}
            title={t("containers.runNow", props.row.name)}
            onClick={() => void props.ports.run(props.row.id)}
          >
            <PlayIcon size={13} />
            <span class="run-word">{requested() ? t("containers.requested") : t("containers.run")}</span>
          </ChangeButton>
        </span>
      </td>
    </tr>
  );
}

function LastRun(props: { readonly run: RunRowData | null }): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  return (
    <Show when={props.run} fallback={<span class="muted">{t("containers.neverRan")}</span>}>
      {(run) => (
        <A
          class="last-run above"
          href={`/runs/${encodeURIComponent(run().id)}`}
          title={say(run(), "reason") || undefined}
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

/** The schedule in words; all of them, and as it was written, on hover. */
function Words(props: { readonly row: ContainerRowData }): JSX.Element {
  const t = useTexts();
  const whole = (expression: string): string => {
    const written = `${expression} (${props.row.timezone})`;
    return props.row.scheduleText === null ? written : `${props.row.scheduleText}\n${written}`;
  };
  return (
    <Show when={props.row.expression} fallback={<span class="muted">{t("containers.byHand")}</span>}>
      {(expression) => (
        <span class="two-lines" title={whole(expression())}>
          {props.row.scheduleText ?? expression()}
          <Show when={props.row.timezone !== "UTC"}>
            <span class="muted small schedule-zone">{props.row.timezone}</span>
          </Show>
        </span>
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

/** Both controls move at once; they go back, and say why, when the server refuses. */
function EnabledSwitch(props: { readonly row: ContainerRowData; readonly change: Change }): JSX.Element {
  const client = useClient();
  const { toasts, texts } = useServices();
  const t = useTexts();
  const change = async (enabled: boolean): Promise<void> => {
    const { id } = props.row;
    const write = changeRow(props.change, id);
    write((row) => (row.enabled = enabled));
    const result = await client.mutation(EnableContainerDocument, {
      id,
      enabled,
      language: texts.language(),
    });
    const outcome = readOutcome(result, result.data?.updateContainer);
    if (outcome.kind === "done") {
      const { nextFires } = outcome.value;
      write((row) => (row.nextFires = nextFires));
      return;
    }
    write((row) => (row.enabled = !enabled));
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

function OverlapSelect(props: { readonly row: ContainerRowData; readonly change: Change }): JSX.Element {
  const client = useClient();
  const { toasts, texts } = useServices();
  const t = useTexts();
  const change = async (overlap: OverlapPolicy): Promise<void> => {
    const { id, overlap: before } = props.row;
    const write = changeRow(props.change, id);
    write((row) => (row.overlap = overlap));
    const result = await client.mutation(OverlapContainerDocument, {
      id,
      overlap,
      language: texts.language(),
    });
    const outcome = readOutcome(result, result.data?.updateContainer);
    if (outcome.kind === "done") return;
    write((row) => (row.overlap = before));
    toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <Select
      class="overlap-select above"
      label={t("containers.overlapOf", props.row.name)}
      value={props.row.overlap}
      options={overlapPolicies}
      nameOf={(policy) => t(`overlapWords.${policy}`)}
      change={(policy) => void change(policy)}
    />
  );
}

function changeRow(change: Change, id: string): (write: (row: ContainerRowData) => void) => void {
  return (write) =>
    change((data) => {
      const row = data.containers.edges.find(({ node }) => node.id === id)?.node;
      if (row !== undefined) write(row);
    });
}
