/** The expression in words, and its next fires: in the container's zone, in UTC, with the clock changes marked. */
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { formatDuration, formatInZone, formatUtc } from "../lib/time.ts";
import { copyText } from "../lib/clipboard.ts";
import { Notice } from "../ui/faces.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { CalendarClockIcon, CopyIcon } from "../ui/icons.ts";
import { Ago, FireTime } from "../ui/Time.tsx";
import type { CronPreview, Preview, PreviewFire } from "./preview.ts";

/** `paused`: nothing fires until the container is enabled. */
export function SchedulePreview(
  props: { readonly preview: Preview; readonly paused: boolean },
): JSX.Element {
  const t = useTexts();
  return (
    <section class="preview" aria-live="polite" aria-label={t("schedule.preview")}>
      <Switch>
        <Match when={props.preview.kind === "none"}>
          <p class="muted">{t("schedule.none")}</p>
        </Match>
        <Match when={props.preview.kind === "refused"}>
          <p class="muted">{t("schedule.refused")}</p>
        </Match>
        <Match when={failure(props.preview)}>
          {(message) => <Notice tone="failed" title={t("common.failed")} text={message()} />}
        </Match>
        <Match when={fine(props.preview)}>
          {(found) => <Fires preview={found().preview} timezone={found().timezone} paused={props.paused} />}
        </Match>
      </Switch>
    </section>
  );
}

function Fires(
  props: { readonly preview: CronPreview; readonly timezone: string; readonly paused: boolean },
): JSX.Element {
  const t = useTexts();
  return (
    <>
      <p class="preview-words">{props.preview.description}</p>
      <Show
        when={props.preview.times.length > 0}
        fallback={<Notice tone="timed-out" title={t("schedule.noFires")} text={t("schedule.noFiresText")} />}
      >
        <Show when={props.paused}>
          <Notice tone="pending" title={t("schedule.paused")} />
        </Show>
        <Show when={props.preview.warning}>
          {(warning) => <Notice tone="timed-out" title={warning()} />}
        </Show>
        <div class="preview-head">
          <h2>{props.paused ? t("schedule.pausedPreview") : t("schedule.preview")}</h2>
          <Show when={props.preview.minimumGapSeconds}>
            {(gap) => <span class="muted small">{t("schedule.gap", formatDuration(gap() * 1000))}</span>}
          </Show>
          <span class="spread" />
          <CopyFires times={props.preview.times} timezone={props.timezone} />
        </div>
        <ol class="fires">
          <For each={props.preview.times}>
            {(fire) => <Fire fire={fire} timezone={props.timezone} paused={props.paused} />}
          </For>
        </ol>
      </Show>
    </>
  );
}

function Fire(
  props: { readonly fire: PreviewFire; readonly timezone: string; readonly paused: boolean },
): JSX.Element {
  const t = useTexts();
  return (
    <li classList={{ changed: props.fire.clockChange !== null }}>
      <span>
        <FireTime at={props.fire.at} timezone={props.timezone} />{" "}
        <span class="muted mono small">{props.fire.offset}</span>
      </span>
      <span class="fire-utc muted mono small">{formatUtc(props.fire.at)}</span>
      <Show when={!props.paused}>
        <Ago class="muted" at={props.fire.at} />
      </Show>
      <Show when={props.fire.clockChange}>
        {(change) => (
          <span class="chip clock-change" title={t(`clockChangeHints.${change()}`)}>
            <CalendarClockIcon size={12} />
            {t(`clockChanges.${change()}`)}
          </span>
        )}
      </Show>
    </li>
  );
}

function CopyFires(props: {
  readonly times: readonly PreviewFire[];
  readonly timezone: string;
}): JSX.Element {
  const { texts, toasts } = useServices();
  const t = useTexts();
  const copy = async (): Promise<void> => {
    const lines = props.times.map(({ at, offset }) =>
      `${formatUtc(at)}\t${formatInZone(at, props.timezone, texts.language())} ${offset}`
    );
    if (await copyText(lines.join("\n"))) toasts.good(t("schedule.copied"));
    else toasts.bad(t("schedule.notCopied"));
  };
  return (
    <IconButton name={t("schedule.copyFires")} press={() => void copy()}>
      <CopyIcon />
    </IconButton>
  );
}

function fine(preview: Preview): Extract<Preview, { readonly kind: "fine" }> | undefined {
  return preview.kind === "fine" ? preview : undefined;
}

function failure(preview: Preview): string | undefined {
  return preview.kind === "failed" ? preview.message : undefined;
}
