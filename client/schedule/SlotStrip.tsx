/** The last slots of a container, the oldest first: what was due, and what became of it. */
import { A } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import type { ShownContainer } from "../containers/container_documents.ts";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import type { ResultOf } from "../graphql/tada.ts";
import type { Translate } from "../i18n/i18n.ts";
import { type SayTold, useServerWords } from "../lib/server_words.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { formatDuration, formatInZone, formatUtc } from "../lib/time.ts";
import { QueryFaces } from "../ui/faces.tsx";
import { SlotDetail } from "./SlotDetail.tsx";
import { SlotsDocument } from "./schedule_documents.ts";
import { countOutcomes, lookOfSlot, type SlotLook } from "./slot_state.ts";
import { moveOnStrip } from "./upcoming_state.ts";

const SHOWN_SLOTS = 100;
/** What a due slot became is written within a second or two. */
const SLOT_GRACE_MS = 2_500;

type SlotsData = ResultOf<typeof SlotsDocument>;
export type ShownSlot = NonNullable<SlotsData["container"]>["slots"][number];

export function SlotStrip(props: { readonly container: ShownContainer }): JSX.Element {
  const t = useTexts();
  const query = createLiveQuery({
    document: SlotsDocument,
    variables: () => ({ id: props.container.id, first: SHOWN_SLOTS }),
  });
  refreshWhenDue(props.container, query);
  const slots = createMemo((): readonly ShownSlot[] => [...query.data?.container?.slots ?? []].reverse());
  return (
    <section class="slots" aria-labelledby="slots-title">
      <div class="slots-head">
        <h2 id="slots-title">{t("slots.title")}</h2>
        <Legend slots={slots()} />
      </div>
      <QueryFaces query={query} rows={1} />
      <Show when={query.data}>
        <Show when={slots().length > 0} fallback={<p class="muted">{t("slots.empty")}</p>}>
          <Strip slots={slots()} timezone={props.container.timezone} />
        </Show>
      </Show>
    </section>
  );
}

/** Read again when a run changes its state, and a moment after the next fire was due. */
function refreshWhenDue(container: ShownContainer, query: LiveQuery<SlotsData>): void {
  const { ticker } = useServices();
  const due = createMemo(() => {
    const next = container.nextFires[0];
    return next !== undefined && Date.parse(next) + SLOT_GRACE_MS < ticker.now() ? next : null;
  });
  createEffect(on(
    () => [container.lastRun?.id, container.lastRun?.state, container.nextFires[0], due()].join(),
    query.refetch,
    { defer: true },
  ));
}

function Strip(props: { readonly slots: readonly ShownSlot[]; readonly timezone: string }): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  const { texts } = useServices();
  const [chosen, setChosen] = createSignal<string | null>(null);
  let strip: HTMLUListElement | undefined;
  const current = (): number => {
    const found = props.slots.findIndex(({ at }) => at === chosen());
    return found === -1 ? props.slots.length - 1 : found;
  };
  const choose = (index: number): void => {
    setChosen(props.slots[index]?.at ?? null);
    strip?.querySelectorAll<HTMLElement>("[data-slot]")[index]?.focus();
  };
  const pressed = (event: KeyboardEvent): void => {
    const next = moveOnStrip(current(), event.key, props.slots.length);
    if (next === null) return;
    event.preventDefault();
    choose(next);
  };
  return (
    <>
      <ul class="slot-strip" ref={(element) => (strip = element)} onKeyDown={pressed}>
        <For each={props.slots}>
          {(slot, index) => (
            <li>
              <SlotMark
                slot={slot}
                reachable={index() === current()}
                words={saySlot(slot, t, say, props.timezone, texts.language())}
                choose={() => setChosen(slot.at)}
              />
            </li>
          )}
        </For>
      </ul>
      <Show when={props.slots[current()]}>
        {(slot) => <SlotDetail slot={slot()} timezone={props.timezone} />}
      </Show>
    </>
  );
}

/** A link to the run that it made; without one there is nothing to open, but still something to read. */
function SlotMark(props: {
  readonly slot: ShownSlot;
  readonly reachable: boolean;
  readonly words: string;
  readonly choose: () => void;
}): JSX.Element {
  const look = (): SlotLook => lookOfSlot(props.slot);
  const ties = {
    class: "slot",
    get tabIndex(): number {
      return props.reachable ? 0 : -1;
    },
    get title(): string {
      return props.words;
    },
    get "aria-label"(): string {
      return props.words;
    },
    get "data-slot"(): string {
      return props.slot.outcome;
    },
    get "data-shape"(): string {
      return look().shape;
    },
    get "data-tone"(): string {
      return look().tone;
    },
    get "data-late"(): "" | undefined {
      return props.slot.late ? "" : undefined;
    },
    onFocus: () => props.choose(),
    onPointerEnter: () => props.choose(),
  };
  return (
    <Show
      when={props.slot.run}
      fallback={
        <button
          type="button"
          {...ties}
          onClick={() => props.choose()}
        />
      }
    >
      {(run) => <A {...ties} href={`/runs/${encodeURIComponent(run().id)}`} />}
    </Show>
  );
}

function Legend(props: { readonly slots: readonly ShownSlot[] }): JSX.Element {
  const t = useTexts();
  const late = (): number => props.slots.filter((slot) => slot.late).length;
  return (
    <ul class="slot-legend muted small">
      <For each={countOutcomes(props.slots)}>
        {({ outcome, count }) => (
          <li>
            <span
              class="slot sample"
              data-shape={lookOfSlot({ outcome, late: false, run: null }).shape}
              data-tone={outcome === "MISSED" ? "failed" : "pending"}
            />
            {t(`slotOutcomes.${outcome}`)} {count}
          </li>
        )}
      </For>
      <Show when={late() > 0}>
        <li>
          <span class="slot sample" data-shape="full" data-tone="pending" data-late="" />
          {t("slots.late")} {late()}
        </li>
      </Show>
    </ul>
  );
}

/** All that a slot says, in one line: for the title, and for those who hear the strip. */
function saySlot(
  slot: ShownSlot,
  t: Translate,
  say: SayTold,
  timezone: string,
  language: string,
): string {
  const parts = [
    `${formatInZone(slot.at, timezone, language)} (${formatUtc(slot.at)})`,
    t(`slotOutcomes.${slot.outcome}`),
  ];
  if (slot.run !== null) parts.push(t(`states.${slot.run.state}`));
  if (slot.late) parts.push(t("slots.lateBy", formatDuration((slot.lateSeconds ?? 0) * 1000)));
  if (slot.reason) parts.push(say(slot, "reason"));
  return parts.join(", ");
}
