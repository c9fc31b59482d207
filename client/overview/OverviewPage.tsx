/** The start page: first what needs somebody, then what runs, then how it has been. */
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import { HostPanel } from "../hosts/HostPanel.tsx";
import { titled } from "../lib/page_title.ts";
import { useServerWords } from "../lib/server_words.ts";
import { useServices, useTexts } from "../lib/services.ts";
import type { Tone } from "../lib/states.ts";
import { createThrottle } from "../lib/throttle.ts";
import { ownTimezone, startOfToday } from "../lib/time.ts";
import { RunListEventsDocument } from "../runs/runs_documents.ts";
import { UpcomingStrip } from "../schedule/UpcomingStrip.tsx";
import { QueryFaces } from "../ui/faces.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StateIcon } from "../ui/State.tsx";
import { Ago, Duration } from "../ui/Time.tsx";
import { OverviewDocument, RunningDocument } from "./overview_documents.ts";
import {
  applyRunning,
  listNeeds,
  type Need,
  type OverviewData,
  runHref,
  type RunningData,
  WAITING_LONG_MS,
} from "./overview_state.ts";
import { Week } from "./Week.tsx";
import "./overview.css";

/** Counters follow the runs, but no more often than this. */
const RECOUNT_MS = 2_000;
/** What waits gets old without an event: it is looked for again after this. */
const WAITING_STEP_MS = 30_000;

export default function OverviewPage(): JSX.Element {
  const t = useTexts();
  const { clock, ticker } = useServices();
  titled(() => [{ label: t("overview.title") }]);
  const overview = createLiveQuery({
    document: OverviewDocument,
    variables: () => ({ waitingBefore: longAgo(ticker.now()), timezone: ownTimezone() }),
  });
  const running = createLiveQuery({ document: RunningDocument, variables: () => ({}) });
  followRuns(overview, running);
  return (
    <div class="page overview">
      <div class="page-head">
        <h1>{t("overview.title")}</h1>
      </div>
      <QueryFaces query={overview} rows={6} sheet />
      <Show when={overview.data}>
        {(data) => (
          <>
            <Counters overview={data().overview} />
            <div class="overview-pair">
              <Attention
                needs={listNeeds(data(), clock())}
                moreFailed={data().failed.pageInfo.hasNextPage}
              />
              <RunningNow data={running.data} />
            </div>
          </>
        )}
      </Show>
      <Panel title={t("overview.nextDay")}>
        <div class="panel-body">
          <UpcomingStrip />
        </div>
      </Panel>
      <Week />
      <HostPanel />
    </div>
  );
}

/** Rounded, so that the question stays the same for a while. */
function longAgo(now: number): string {
  const rounded = Math.floor(now / WAITING_STEP_MS) * WAITING_STEP_MS;
  return new Date(rounded - WAITING_LONG_MS).toISOString();
}

function followRuns(overview: LiveQuery<OverviewData>, running: LiveQuery<RunningData>): void {
  const recount = createThrottle(overview.refetch, RECOUNT_MS);
  createStream({
    document: RunListEventsDocument,
    variables: () => ({ containerId: null }),
    next: ({ runEvents }) => {
      let gap = false;
      running.change((data) => {
        gap = applyRunning(data, runEvents.map(({ run }) => run));
      });
      if (gap) running.refetch();
      recount();
    },
  });
}

function Counters(props: { readonly overview: OverviewData["overview"] }): JSX.Element {
  const { clock, texts } = useServices();
  const t = useTexts();
  const counters = (): readonly {
    readonly label: string;
    readonly value: number;
    readonly tone: Tone;
    readonly href: string;
    readonly note?: string;
  }[] => {
    const today = `from=${encodeURIComponent(startOfToday(clock()))}`;
    const day = t("overview.today", ownTimezone());
    const { overview } = props;
    return [
      { label: t("overview.running"), value: overview.running, tone: "running", href: "/runs?state=RUNNING" },
      { label: t("overview.waiting"), value: overview.waiting, tone: "queued", href: "/runs?state=QUEUED" },
      {
        label: t("overview.succeededToday"),
        value: overview.succeededToday,
        tone: "succeeded",
        href: `/runs?state=SUCCEEDED&${today}`,
        note: day,
      },
      {
        label: t("overview.failedToday"),
        value: overview.failedToday,
        tone: "failed",
        href: `/runs?state=FAILED&${today}`,
        note: day,
      },
      {
        label: t("overview.cancelledToday"),
        value: overview.cancelledToday,
        tone: "cancelled",
        href: `/runs?state=CANCELLED&${today}`,
        note: day,
      },
      {
        label: t("overview.late"),
        value: overview.lateToday,
        tone: "timed-out",
        href: "/messages",
        note: day,
      },
      {
        label: t("overview.missed"),
        value: overview.missedToday,
        tone: "timed-out",
        href: "/messages",
        note: day,
      },
      {
        label: t("overview.containers"),
        value: overview.containers,
        tone: "skipped",
        href: "/containers",
        note: t("overview.enabledOf", overview.enabledContainers),
      },
    ];
  };
  return (
    <section class="counters" aria-label={t("overview.counters")}>
      <For each={counters().map(({ label }) => label)}>
        {(_label, place) => (
          <Show when={counters()[place()]}>
            {(counter) => (
              <A
                class="counter"
                data-tone={counter().tone}
                data-zero={counter().value === 0 ? "" : undefined}
                href={counter().href}
                title={counter().note}
              >
                <span class="counter-value">{counter().value.toLocaleString(texts.language())}</span>
                <span class="counter-label">{counter().label}</span>
              </A>
            )}
          </Show>
        )}
      </For>
    </section>
  );
}

const needStates = {
  agent: "FAILED",
  failed: "FAILED",
  late: "TIMED_OUT",
  missed: "TIMED_OUT",
  queued: "QUEUED",
  stuck: "QUEUED",
} as const;

function needWords(t: ReturnType<typeof useTexts>, { kind, task }: Need): string {
  switch (kind) {
    case "agent":
      return t("overview.agentAway");
    case "stuck":
      return t("overview.taskWaits", task ?? "");
    case "failed":
      return t("overview.lastFailed");
    case "queued":
      return t("overview.waitingLong");
    case "late":
      return t("missedKinds.LATE");
    case "missed":
      return t("missedKinds.MISSED");
    default:
      throw new Error(`Unknown need ${kind satisfies never}`);
  }
}

function Attention(props: { readonly needs: readonly Need[]; readonly moreFailed: boolean }): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  return (
    <Panel
      title={t("overview.attention")}
      count={props.needs.length}
      more={props.moreFailed
        ? { href: "/containers?state=FAILED&sort=LAST_RUN", label: t("overview.allFailed") }
        : undefined}
    >
      <Show
        when={props.needs.length > 0}
        fallback={
          <p class="calm">
            <StateIcon state="SUCCEEDED" size={16} />
            {t("overview.calm")}
          </p>
        }
      >
        <ul class="lines">
          <For each={props.needs}>
            {(need) => (
              <li class="line">
                <StateIcon state={needStates[need.kind]} />
                <span class="line-body">
                  <A class="line-name" data-row href={need.href}>{need.name}</A>
                  <span class="muted">
                    {needWords(t, need)}
                  </span>
                  <Show when={need.reason}>
                    <span class="muted line-reason" title={say(need, "reason")}>{say(need, "reason")}</span>
                  </Show>
                </span>
                <Ago class="muted line-when" at={need.at} />
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Panel>
  );
}

function RunningNow(props: { readonly data: RunningData | undefined }): JSX.Element {
  const t = useTexts();
  const edges = (): RunningData["runs"]["edges"] => props.data?.runs.edges ?? [];
  return (
    <Panel
      title={t("overview.runningNow")}
      count={props.data?.runs.totalCount}
      more={{ href: "/runs?state=RUNNING", label: t("overview.runningMore") }}
    >
      <Show when={edges().length > 0} fallback={<p class="calm muted">{t("overview.nothingRuns")}</p>}>
        <ul class="lines">
          <For each={edges()}>
            {(edge) => (
              <li class="line">
                <StateIcon state={edge.node.state} />
                <span class="line-body">
                  <A class="line-name" data-row href={runHref(edge.node.id)}>{edge.node.containerName}</A>
                  <span class="muted">{t(`causes.${edge.node.cause}`)}</span>
                </span>
                <span class="muted line-when">
                  <Duration startedAt={edge.node.startedAt} finishedAt={edge.node.finishedAt} />
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Panel>
  );
}
