import { createEffect, createSignal, For, type JSX, on, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { titled } from "../lib/page_title.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { createThrottle } from "../lib/throttle.ts";
import { RunListEventsDocument } from "../runs/runs_documents.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { PencilIcon } from "../ui/icons.ts";
import { Ago } from "../ui/Time.tsx";
import { AgentDialog } from "./AgentDialog.tsx";
import { HostPanel } from "./HostPanel.tsx";
import { HostsDocument } from "./hosts_documents.ts";
import "./hosts.css";

/** Agents report every ten seconds: looking more often shows nothing new but what runs, which events tell. */
const REREAD_MS = 10_000;
const FOLLOW_MS = 2_000;

export type AgentData = ResultOf<typeof HostsDocument>["agents"][number];

export default function HostsPage(): JSX.Element {
  const t = useTexts();
  const { ticker } = useServices();
  titled(() => [{ label: t("hosts.title") }]);
  const hosts = createLiveQuery({ document: HostsDocument, variables: () => ({}) });
  createEffect(on(() => Math.floor(ticker.now() / REREAD_MS), hosts.refetch, { defer: true }));
  const follow = createThrottle(hosts.refetch, FOLLOW_MS);
  createStream({ document: RunListEventsDocument, variables: () => ({ containerId: null }), next: follow });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("hosts.title")}</h1>
      </div>
      <HostPanel alone />
      <QueryFaces query={hosts} rows={3} sheet />
      <Show when={hosts.data?.agents}>
        {(agents) => (
          <Show
            when={agents().length > 0}
            fallback={<Blank title={t("hosts.emptyTitle")} text={t("hosts.emptyText")} />}
          >
            <AgentTable agents={agents()} />
          </Show>
        )}
      </Show>
    </div>
  );
}

function AgentTable(props: { readonly agents: readonly AgentData[] }): JSX.Element {
  const t = useTexts();
  const [changing, setChanging] = createSignal<AgentData | null>(null);
  return (
    <section aria-label={t("hosts.agents")} class="sheet">
      <table class="rows hosts">
        <thead>
          <tr>
            <th scope="col">{t("hosts.agents")}</th>
            <th scope="col">{t("hosts.running")}</th>
            <th scope="col">{t("hosts.lastSeen")}</th>
            <th scope="col">{t("hosts.version")}</th>
            <th scope="col">{t("hosts.labels")}</th>
            <th scope="col">{t("hosts.address")}</th>
            <th scope="col" aria-label={t("hosts.settings")} />
          </tr>
        </thead>
        <tbody>
          <For each={props.agents}>
            {(agent) => <AgentRow agent={agent} change={() => setChanging(agent)} />}
          </For>
        </tbody>
      </table>
      <AgentDialog agent={changing()} close={() => setChanging(null)} />
    </section>
  );
}

function AgentRow(props: { readonly agent: AgentData; readonly change: () => void }): JSX.Element {
  const t = useTexts();
  const standing = (): "away" | "cordoned" | "online" =>
    !props.agent.online ? "away" : props.agent.cordoned ? "cordoned" : "online";
  return (
    <tr>
      <td class="name-cell">
        <span class="agent-name">
          <span
            class="agent-dot"
            data-tone={props.agent.online ? "succeeded" : "failed"}
            aria-hidden="true"
          />
          <strong>{props.agent.name}</strong>
          <span class="muted small">{t(`hosts.${standing()}`)}</span>
        </span>
      </td>
      <td data-label={t("hosts.running")}>
        <span class="agent-work">
          {t("hosts.ofCapacity", props.agent.running, props.agent.capacity)}
          <span
            class="agent-bar"
            aria-hidden="true"
            style={{ "--share": String(props.agent.running / Math.max(1, props.agent.capacity)) }}
          />
        </span>
      </td>
      <td class="muted" data-label={t("hosts.lastSeen")}>
        <Show when={props.agent.lastSeenAt} fallback={t("hosts.never")}>{(at) => <Ago at={at()} />}</Show>
      </td>
      <td class="muted" data-phone="hide">{props.agent.version}</td>
      <td data-phone="hide">
        <For each={props.agent.labels}>{(label) => <span class="chip">{label}</span>}</For>
      </td>
      <td class="muted" data-phone="hide">
        {props.agent.local ? t("hosts.own") : props.agent.address ?? t("hosts.other")}
      </td>
      <td class="agent-change">
        <ChangeButton
          class="button quiet"
          aria-label={t("hosts.change", props.agent.name)}
          onClick={() => props.change()}
        >
          <PencilIcon size={14} />
        </ChangeButton>
      </td>
    </tr>
  );
}
