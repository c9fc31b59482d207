import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { useServerWords } from "../lib/server_words.ts";
import { useTexts } from "../lib/services.ts";
import { formatDuration } from "../lib/time.ts";
import { StateBadge } from "../ui/State.tsx";
import { Ago, FireTime } from "../ui/Time.tsx";
import type { ShownSlot } from "./SlotStrip.tsx";

/** One slot in words, below the strip: what a pointer or the focus rests on, else the newest. */
export function SlotDetail(props: { readonly slot: ShownSlot; readonly timezone: string }): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  return (
    <p class="slot-detail">
      <FireTime at={props.slot.at} timezone={props.timezone} />
      <Ago class="muted" at={props.slot.at} />
      <span>{t(`slotOutcomes.${props.slot.outcome}`)}</span>
      <Show when={props.slot.late}>
        <span class="chip">{t("slots.lateBy", formatDuration((props.slot.lateSeconds ?? 0) * 1000))}</span>
      </Show>
      <Show when={props.slot.run}>
        {(run) => (
          <A class="link" href={`/runs/${encodeURIComponent(run().id)}`}>
            <StateBadge state={run().state} bare />
          </A>
        )}
      </Show>
      <Show when={props.slot.reason}>
        <span class="muted">{say(props.slot, "reason")}</span>
      </Show>
    </p>
  );
}
