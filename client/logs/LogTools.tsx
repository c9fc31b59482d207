/** The tools above an output: what is shown of it, which attempts, find, first error, times, wrap, copy, download. */
import { For, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import {
  ClockIcon,
  Columns2Icon,
  CopyIcon,
  DownloadIcon,
  EllipsisIcon,
  Link2Icon,
  SearchIcon,
  TriangleAlertIcon,
  WrapTextIcon,
} from "../ui/icons.ts";
import { Menu, type MenuGroup } from "../ui/Menu.tsx";
import { Select } from "../ui/Select.tsx";
import type { LogLook } from "./log_look.ts";
import type { LogReading } from "./log_reading.ts";
import { timesModes } from "./log_times.ts";

export function LogTools(props: { readonly reading: LogReading }): JSX.Element {
  const t = useTexts();
  const { source, scroll, find, look } = props.reading;
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
      <Show when={props.reading.paired()} fallback={<Attempts reading={props.reading} />}>
        <PairedAttempt reading={props.reading} />
      </Show>
      <Show when={props.reading.side === "first" && props.reading.attemptCount() > 1}>
        <IconButton
          name={t("log.beside")}
          pressed={props.reading.paired()}
          press={() => props.reading.togglePair()}
        >
          <Columns2Icon size={14} />
        </IconButton>
      </Show>
      <span class="spread" />
      <Show when={props.reading.failedAttempt() !== null}>
        <IconButton name={t("log.firstFailure")} press={() => void props.reading.toFirstFault()}>
          <TriangleAlertIcon size={14} />
        </IconButton>
      </Show>
      <IconButton name={t("log.find")} pressed={find.open()} press={() => find.setOpen(!find.open())}>
        <SearchIcon size={14} />
      </IconButton>
      {/* Of two, both are shown alike. */}
      <Show when={props.reading.side === "first"}>
        <TimesMenu look={look} />
        <IconButton name={t("log.wrap")} pressed={look.wrap()} press={look.toggleWrap}>
          <WrapTextIcon size={14} />
        </IconButton>
      </Show>
      <MoreMenu reading={props.reading} />
    </div>
  );
}

/** Which of two attempts is shown on this side, and how it ended. */
function PairedAttempt(props: { readonly reading: LogReading }): JSX.Element {
  const t = useTexts();
  const shown = (): string => String(props.reading.attempt() ?? "");
  // An address may name one that there is not.
  const options = (): readonly string[] => {
    const numbers = numbersTo(props.reading.attemptCount()).map(String);
    return numbers.includes(shown()) ? numbers : [...numbers, shown()];
  };
  const nameOf = (number: string): string => {
    const attempt = props.reading.attempts().find((one) => String(one.number) === number);
    const name = t("log.attempt", Number(number));
    return attempt === undefined ? name : `${name} · ${t(`states.${attempt.state}`)}`;
  };
  return (
    <Select
      class="log-side"
      label={t(props.reading.side === "first" ? "log.firstSide" : "log.secondSide")}
      value={shown()}
      options={options()}
      nameOf={nameOf}
      change={(number) => props.reading.showAttempt(Number(number))}
    />
  );
}

/** Which attempt is shown; nothing while there is one. */
function Attempts(props: { readonly reading: LogReading }): JSX.Element {
  const t = useTexts();
  const numbers = (): readonly number[] => numbersTo(props.reading.attemptCount());
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

function TimesMenu(props: { readonly look: LogLook }): JSX.Element {
  const t = useTexts();
  const labels = { off: t("log.timesOff"), local: t("log.timesLocal"), start: t("log.timesStart") };
  const groups = (): readonly MenuGroup[] => [{
    label: t("log.times"),
    entries: timesModes.map((mode) => ({
      label: labels[mode],
      checked: props.look.times() === mode,
      run: () => props.look.setTimes(mode),
    })),
  }];
  return (
    <Menu
      label={t("log.times")}
      class={`button quiet icon ${props.look.times() === "off" ? "" : "on"}`}
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
          { label: t("log.downloadText"), icon: DownloadIcon, run: () => void download("text") },
          { label: t("log.downloadNdjson"), icon: DownloadIcon, run: () => void download("ndjson") },
        ],
      },
    ];
  };
  return <Menu label={t("log.more")} trigger={<EllipsisIcon size={14} />} groups={groups()} />;
}

function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_number, index) => index + 1);
}
