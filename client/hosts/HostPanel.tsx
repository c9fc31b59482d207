/** How busy a machine is, live, with the last hour behind it. */
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import { plainCopy } from "../lib/plain_copy.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Panel } from "../ui/Panel.tsx";
import { HostLine } from "./HostLine.tsx";
import { addFigures, formatBytes, type HostFigures, pointsOf } from "./host_state.ts";
import { HostHistoryDocument, HostStatsDocument } from "./hosts_documents.ts";
import "./hosts.css";

export function HostPanel(props: {
  /** Null: the server. */
  readonly agentId?: string;
  readonly title?: string;
  /** Already on the page of the hosts. */
  readonly alone?: boolean;
}): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const [history, setHistory] = createSignal<readonly HostFigures[]>([]);
  const variables = (): { agentId: string | null } => ({ agentId: props.agentId ?? null });
  const stored = createLiveQuery({ document: HostHistoryDocument, variables });
  createEffect(on(() => stored.data?.hostHistory, (read) => {
    if (read === undefined) return;
    const known = plainCopy(read);
    setHistory((present) => {
      const last = present.at(-1);
      return last === undefined ? known : addFigures(known, last);
    });
  }));
  createStream({
    document: HostStatsDocument,
    variables,
    next: ({ hostStats }) => setHistory((present) => addFigures(present, hostStats)),
  });
  const percent = (value: number): string => `${Math.round(value)} %`;
  const bytes = (value: number): string => formatBytes(value, texts.language());
  const load = (value: number): string => value.toFixed(2);
  return (
    <Panel
      title={props.title ?? t("overview.host")}
      {...(props.alone ? {} : { more: { href: "/hosts", label: t("overview.toHosts") } })}
    >
      <Show when={history().at(-1)}>
        {(now) => (
          <div class="host-lines">
            <HostLine
              name={t("hosts.cpu")}
              now={percent(now().cpuPercent)}
              points={pointsOf(history(), ({ cpuPercent }) => cpuPercent)}
              top={100}
              tone="running"
              write={percent}
            />
            <HostLine
              name={t("hosts.memory")}
              now={`${bytes(now().memoryUsedBytes)} / ${bytes(now().memoryTotalBytes)}`}
              points={pointsOf(history(), ({ memoryUsedBytes }) => memoryUsedBytes)}
              top={now().memoryTotalBytes}
              tone="cancelled"
              write={bytes}
            />
            <HostLine
              name={t("hosts.load")}
              now={now().load.map(load).join("  ")}
              points={pointsOf(history(), (figures) => figures.load[0] ?? 0)}
              top={1}
              tone="succeeded"
              write={load}
            />
            <HostLine
              name={t("hosts.server")}
              now={bytes(now().processMemoryBytes)}
              points={pointsOf(history(), ({ processMemoryBytes }) => processMemoryBytes)}
              top={1}
              tone="queued"
              write={bytes}
            />
            <HostLine
              name={t("hosts.processes")}
              now={String(now().running)}
              points={pointsOf(history(), ({ running }) => running)}
              top={1}
              tone="timed-out"
              write={String}
            />
          </div>
        )}
      </Show>
    </Panel>
  );
}
