/** The lines around one that was found, read when they are asked for, and more of them in either direction. */
import { createResource, createSignal, For, type JSX, Show } from "solid-js";
import { openUncachedClient } from "../graphql/client.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { plainStyle } from "../logs/ansi.ts";
import { createLogReader } from "../logs/log_reader.ts";
import type { LogLine } from "../logs/log_state.ts";
import { LineText, StreamMark } from "../logs/LineText.tsx";
import { LoadFault } from "../ui/faces.tsx";
import type { Hit } from "./logs_state.ts";

const FIRST_LINES = 5;
const MORE_LINES = 20;

interface Surroundings {
  readonly before: readonly LogLine[];
  readonly after: readonly LogLine[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

export function HitContext(props: { readonly hit: Hit; readonly needle: string }): JSX.Element {
  const t = useTexts();
  const { session, texts } = useServices();
  const client = openUncachedClient({ ended: session.ended, words: texts.ready });
  const [before, setBefore] = createSignal(FIRST_LINES);
  const [after, setAfter] = createSignal(FIRST_LINES);
  // By its place: the list may be read again, and its rows with it.
  const { taskRun: { id: taskRunId }, attempt, seq } = props.hit;
  const reader = createLogReader(client, taskRunId, () => t("faults.outputGone"));
  const read = async (sizes: readonly [number, number]): Promise<Surroundings> => {
    const cursor = await reader.cursorOf({ attempt, seq });
    const [older, newer] = await Promise.all([
      reader.page({ attempt, last: sizes[0], before: cursor }),
      reader.page({ attempt, first: sizes[1], after: cursor }),
    ]);
    return {
      before: older.edges.map(({ node }) => node),
      after: newer.edges.map(({ node }) => node),
      hasBefore: older.hasPreviousPage,
      hasAfter: newer.hasNextPage,
    };
  };
  const [around, { refetch }] = createResource(() => [before(), after()] as const, read, {
    initialValue: null,
  });
  const line = (shown: LogLine, found: boolean): JSX.Element => (
    <div class="hit-near" classList={{ found }} data-stream={shown.stream}>
      <span class="hit-number muted">{shown.seq}</span>
      <StreamMark stream={shown.stream} />
      <span class="log-text">
        <LineText text={shown.text} style={plainStyle} needle={props.needle} />
      </span>
    </div>
  );
  return (
    <div class="hit-context">
      <Show when={around.error === undefined} fallback={<Fault error={around.error} retry={refetch} />}>
        <Show when={around.latest} fallback={<p class="muted small" role="status">{t("common.loading")}</p>}>
          {(near) => (
            <>
              <Show when={near().hasBefore}>
                <More label={t("logs.moreBefore")} press={() => setBefore((count) => count + MORE_LINES)} />
              </Show>
              <For each={near().before}>{(shown) => line(shown, false)}</For>
              {line(props.hit, true)}
              <For each={near().after}>{(shown) => line(shown, false)}</For>
              <Show when={near().hasAfter}>
                <More label={t("logs.moreAfter")} press={() => setAfter((count) => count + MORE_LINES)} />
              </Show>
            </>
          )}
        </Show>
      </Show>
    </div>
  );
}

function More(props: { readonly label: string; readonly press: () => void }): JSX.Element {
  return (
    <button type="button" class="hit-more" onClick={() => props.press()}>
      {props.label}
    </button>
  );
}

function Fault(props: { readonly error: unknown; readonly retry: () => unknown }): JSX.Element {
  const message = (): string => props.error instanceof Error ? props.error.message : String(props.error);
  return <LoadFault message={message()} retry={() => void props.retry()} />;
}
