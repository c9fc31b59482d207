/** The tools above an output: what is shown of it, which attempt, find, first error, times, wrap, copy and download. */
import { For, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import {
  ClockIcon,
  CopyIcon,
  DownloadIcon,
  EllipsisIcon,
  Link2Icon,
  SearchIcon,
  TriangleAlertIcon,
  WrapTextIcon,
} from "../ui/icons.ts";
import { Menu, type MenuGroup } from "../ui/Menu.tsx";
import type { LogReading } from "./log_reading.ts";
import { timesModes } from "./log_times.ts";

export function LogTools(props: { readonly reading: LogReading }): JSX.Element {
  const t = useTexts();
  const { source, scroll, find } = props.reading;
  const hasOlder = (): boolean => source.version() >= 0 && source.log().hasOlder;
  const shown = (): string => {
    const count = scroll.count();
    const { lines, hasNewer } = source.log();
    if (hasNewer) return t("log.linesOf", lines[0]?.seq ?? 0, lines.at(-1)?.seq ?? 0);
    return hasOlder() ? t("log.lastLines", count) : t("log.lines", count);
  };
  return (
    <div class="log-tools">
      <span class="muted small log-shown">{shown()}</span>
      <Show when={hasOlder()}>
        <button type="button" class="button quiet" onClick={() => void scroll.loadOlder()}>
          {t("log.older")}
        </button>
      </Show>
      <Attempts reading={props.reading} />
      <span class="spread" />
      <Show when={props.reading.failedAttempt() !== null}>
        <IconButton name={t("log.firstFailure")} press={() => void props.reading.toFirstFault()}>
          <TriangleAlertIcon size={14} />
        </IconButton>
      </Show>
      <IconButton name={t("log.find")} pressed={find.open()} press={() => find.setOpen(!find.open())}>
        <SearchIcon size={14} />
      </IconButton>
      <TimesMenu reading={props.reading} />
      <IconButton name={t("log.wrap")} pressed={props.reading.wrap()} press={props.reading.toggleWrap}>
        <WrapTextIcon size={14} />
      </IconButton>
      <MoreMenu reading={props.reading} />
    </div>
  );
}

/** Which attempt is shown; nothing while there is one. */
function Attempts(props: { readonly reading: LogReading }): JSX.Element {
  const t = useTexts();
  const numbers = (): readonly number[] =>
    Array.from({ length: props.reading.attemptCount() }, (_attempt, index) => index + 1);
  const one = (number: number | null, label: string, name: string): JSX.Element => (
    <button
      type="button"
      class="segment"
      aria-pressed={props.reading.attempt() === number}
      aria-label={name}
      title={name}
      onClick={() => props.reading.showAttempt(number)}
    >
      {label}
    </button>
  );
  return (
    <Show when={numbers().length > 1}>
      <div class="segments log-attempts" role="group" aria-label={t("log.attempts")}>
        {one(null, t("runs.all"), t("log.allAttempts"))}
        <For each={numbers()}>{(number) => one(number, String(number), t("log.attempt", number))}</For>
      </div>
    </Show>
  );
}

function TimesMenu(props: { readonly reading: LogReading }): JSX.Element {
  const t = useTexts();
  const labels = { off: t("log.timesOff"), local: t("log.timesLocal"), start: t("log.timesStart") };
  const groups = (): readonly MenuGroup[] => [{
    label: t("log.times"),
    entries: timesModes.map((mode) => ({
      label: labels[mode],
      checked: props.reading.times() === mode,
      run: () => props.reading.setTimes(mode),
    })),
  }];
  return (
    <Menu
      label={t("log.times")}
      class={`button quiet icon ${props.reading.times() === "off" ? "" : "on"}`}
      trigger={<ClockIcon size={14} />}
      groups={groups()}
    />
  );
}

function MoreMenu(props: { readonly reading: LogReading }): JSX.Element {
  const t = useTexts();
  const groups = (): readonly MenuGroup[] => {
    const { copyAll, copyLines, copyLink, download, range } = props.reading;
    const none = range() === null;
    return [
      {
        entries: [
          { label: t("log.copyLines"), icon: CopyIcon, disabled: none, run: () => void copyLines() },
          { label: t("log.copyLink"), icon: Link2Icon, disabled: none, run: () => void copyLink() },
          { label: t("log.copyAll"), icon: CopyIcon, run: () => void copyAll() },
        ],
      },
      {
        entries: [
          { label: t("log.downloadText"), icon: DownloadIcon, run: () => download("text") },
          { label: t("log.downloadNdjson"), icon: DownloadIcon, run: () => download("ndjson") },
        ],
      },
    ];
  };
  return <Menu label={t("log.more")} trigger={<EllipsisIcon size={14} />} groups={groups()} />;
}
