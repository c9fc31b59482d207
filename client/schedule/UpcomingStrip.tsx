/** What fires in the next hours, over all containers: a strip of equal slices of time, and what fires in one of them. */
import { A } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { createSteady } from "../lib/steady.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { formatTimeOfDay } from "../lib/time.ts";
import { QueryFaces } from "../ui/faces.tsx";
import { UpcomingDocument } from "./schedule_documents.ts";
import {
  firstBusy,
  layUpcoming,
  moveOnStrip,
  planUpcoming,
  type Slice,
  type UpcomingLayout,
} from "./upcoming_state.ts";
import "./schedule.css";

const HOURS = 24;
const SLICE_MINUTES = 30;
const MAX_FIRES = 500;
/** The strip moves on by itself this often; a change of a schedule shows with the next. */
const REFRESH_MS = 60_000;
/** Containers that are named below the strip; the rest are counted. */
const NAMED = 8;
/** Every so many slices the time of day stands below. */
const LABEL_EACH = 6;

export function UpcomingStrip(props: { readonly project?: string | null }): JSX.Element {
  const { clock, ticker } = useServices();
  const t = useTexts();
  const query = createLiveQuery({
    document: UpcomingDocument,
    variables: () => ({ project: props.project ?? null, hours: HOURS, first: MAX_FIRES }),
  });
  const now = createSteady(ticker.now, REFRESH_MS, clock);
  createEffect(on(now, query.refetch, { defer: true }));
  const layout = createMemo((): UpcomingLayout => planUpcoming(now(), HOURS, SLICE_MINUTES));
  const slices = createMemo(() => {
    const fires = query.data?.upcoming ?? [];
    return layUpcoming(fires, fires.length < MAX_FIRES, layout());
  });
  return (
    <div class="upcoming">
      <QueryFaces query={query} rows={2} />
      <Show when={query.data?.upcoming}>
        {(fires) => (
          <Show when={fires().length > 0} fallback={<p class="muted">{t("upcoming.empty", HOURS)}</p>}>
            <Strip slices={slices()} />
            <Show when={fires().length >= MAX_FIRES}>
              <p class="muted small">{t("upcoming.cut", MAX_FIRES)}</p>
            </Show>
          </Show>
        )}
      </Show>
    </div>
  );
}

function Strip(props: { readonly slices: readonly Slice[] }): JSX.Element {
  const { texts } = useServices();
  const t = useTexts();
  const [chosen, setChosen] = createSignal<number | null>(null);
  let strip: HTMLDivElement | undefined;
  const current = (): number => {
    const found = props.slices.findIndex(({ from }) => from === chosen());
    return found === -1 ? firstBusy(props.slices) : found;
  };
  const pressed = (event: KeyboardEvent): void => {
    const next = moveOnStrip(current(), event.key, props.slices.length);
    if (next === null) return;
    event.preventDefault();
    setChosen(props.slices[next]?.from ?? null);
    strip?.querySelectorAll<HTMLElement>(".slice")[next]?.focus();
  };
  const say = (slice: Slice): string =>
    `${formatTimeOfDay(slice.from, texts.language())} – ${formatTimeOfDay(slice.to, texts.language())}: ${
      slice.unknown ? t("upcoming.unknown") : t("upcoming.fires", slice.count)
    }`;
  return (
    <>
      <div
        class="upcoming-strip"
        role="group"
        aria-label={t("upcoming.title", HOURS)}
        ref={(element) => (strip = element)}
        onKeyDown={pressed}
      >
        <For each={props.slices}>
          {(slice, index) => (
            <button
              type="button"
              class="slice"
              classList={{ unknown: slice.unknown, none: slice.count === 0 }}
              tabIndex={index() === current() ? 0 : -1}
              aria-pressed={index() === current()}
              aria-label={say(slice)}
              title={say(slice)}
              onClick={() => setChosen(slice.from)}
              onPointerEnter={() => setChosen(slice.from)}
              onFocus={() => setChosen(slice.from)}
            >
              <span
                class="slice-bar"
                style={{ "block-size": `${Math.max(slice.level * 100, slice.count > 0 ? 14 : 0)}%` }}
              />
            </button>
          )}
        </For>
      </div>
      <div class="upcoming-hours muted small" aria-hidden="true">
        <For each={props.slices.filter((_slice, index) => index % LABEL_EACH === 0)}>
          {(slice) => <span>{formatTimeOfDay(slice.from, texts.language())}</span>}
        </For>
      </div>
      <Show when={props.slices[current()]}>{(slice) => <SliceDetail slice={slice()} />}</Show>
    </>
  );
}

function SliceDetail(props: { readonly slice: Slice }): JSX.Element {
  const { texts } = useServices();
  const t = useTexts();
  const time = (at: number): string => formatTimeOfDay(at, texts.language());
  return (
    <div class="slice-detail">
      <strong>{time(props.slice.from)} – {time(props.slice.to)}</strong>
      <Show when={props.slice.count > 0} fallback={<span class="muted">{t("upcoming.nothing")}</span>}>
        <ul>
          <For each={props.slice.containers.slice(0, NAMED)}>
            {({ id, name, fires }) => (
              <li>
                <A class="link" href={`/containers/${encodeURIComponent(id)}`}>{name}</A>{" "}
                <span class="muted">
                  {fires.length === 1 ? time(Date.parse(fires[0] ?? "")) : t("upcoming.times", fires.length)}
                </span>
              </li>
            )}
          </For>
          <Show when={props.slice.containers.length > NAMED}>
            <li class="muted">{t("upcoming.more", props.slice.containers.length - NAMED)}</li>
          </Show>
        </ul>
      </Show>
    </div>
  );
}
