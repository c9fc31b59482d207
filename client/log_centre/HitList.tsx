/** Lines that were found, those of one attempt together under the name of its run, each with its surroundings one press away. */
import { A } from "@solidjs/router";
import { createEffect, createSignal, For, type JSX, on, Show } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { formatLogTime, formatUtc } from "../lib/time.ts";
import { plainStyle } from "../logs/ansi.ts";
import { LineText, StreamMark } from "../logs/LineText.tsx";
import { ChevronDownIcon, ChevronRightIcon, EllipsisIcon, SearchIcon, Trash2Icon } from "../ui/icons.ts";
import { Menu, type MenuGroup } from "../ui/Menu.tsx";
import { HitContext } from "./HitContext.tsx";
import type { LogsChange } from "./LogFilters.tsx";
import { excerpt, groupHits, type Hit, type HitGroup, hitHref, hitKey } from "./logs_state.ts";

export function HitList(props: {
  readonly hits: readonly Hit[];
  /** In lower case. */
  readonly needle: string;
  readonly restrict: (change: LogsChange) => void;
  readonly deleteAttempt: (group: HitGroup) => void;
}): JSX.Element {
  return (
    <ul class="hit-groups">
      <For each={groupHits(props.hits)}>
        {(group) => (
          <li class="hit-group">
            <GroupHead group={group} restrict={props.restrict} deleteAttempt={props.deleteAttempt} />
            <ul>
              <For each={group.hits}>{(hit) => <HitRow hit={hit} needle={props.needle} />}</For>
            </ul>
          </li>
        )}
      </For>
    </ul>
  );
}

function GroupHead(props: {
  readonly group: HitGroup;
  readonly restrict: (change: LogsChange) => void;
  readonly deleteAttempt: (group: HitGroup) => void;
}): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const { taskRun } = props.group;
  const run = `/runs/${encodeURIComponent(taskRun.run.id)}?task=${encodeURIComponent(taskRun.id)}`;
  const dayOf = (at: string): string =>
    new Intl.DateTimeFormat(texts.language(), { dateStyle: "medium" }).format(Date.parse(at));
  const day = (): string => dayOf(props.group.hits[0]?.at ?? "");
  const startedAt = (): string => taskRun.run.startedAt ?? taskRun.run.createdAt;
  const runName = (): string => {
    const time = formatLogTime(startedAt());
    return t("logs.ofRun", dayOf(startedAt()) === day() ? time : `${dayOf(startedAt())}, ${time}`);
  };
  const groups = (): readonly MenuGroup[] => {
    const { task, run } = taskRun;
    const only = (label: string, change: LogsChange): MenuGroup["entries"][number] => ({
      label,
      icon: SearchIcon,
      run: () => props.restrict(change),
    });
    return [
      {
        entries: [
          only(t("logs.onlyRun"), { run: run.id }),
          ...(task === null ? [] : [only(t("logs.onlyTask"), {
            task: task.id,
            ...(run.container === null ? {} : { container: run.container.id }),
          })]),
        ],
      },
      {
        entries: [{
          label: t("logs.deleteAttempt"),
          icon: Trash2Icon,
          danger: true,
          changes: true,
          run: () => props.deleteAttempt(props.group),
        }],
      },
    ];
  };
  return (
    <div class="hit-head">
      <A class="hit-source truncate" href={run}>
        <bdi>{taskRun.run.containerName}</bdi> › <bdi>{taskRun.name}</bdi>
      </A>
      <span class="muted small hit-run" title={formatUtc(startedAt())}>{runName()}</span>
      <Show when={props.group.attempt > 1}>
        <span class="muted small">{t("log.attempt", props.group.attempt)}</span>
      </Show>
      <span class="spread" />
      <span class="muted small hit-day">{day()}</span>
      <Menu
        label={t("logs.menuOf", taskRun.name)}
        trigger={<EllipsisIcon size={14} />}
        groups={groups()}
      />
    </div>
  );
}

function HitRow(props: { readonly hit: Hit; readonly needle: string }): JSX.Element {
  const t = useTexts();
  const [open, setOpen] = createSignal(false);
  // Rows are filled anew when the list is read again: another line begins closed.
  createEffect(on(() => hitKey(props.hit), () => setOpen(false), { defer: true }));
  return (
    <li class="hit" data-stream={props.hit.stream}>
      <div class="hit-line">
        <button
          type="button"
          class="button quiet icon hit-open"
          data-row
          aria-expanded={open()}
          aria-label={t("logs.around", props.hit.seq)}
          title={t("logs.around", props.hit.seq)}
          onClick={() => setOpen(!open())}
        >
          {open() ? <ChevronDownIcon size={14} /> : <ChevronRightIcon size={14} />}
        </button>
        <A
          class="hit-time muted"
          href={hitHref(props.hit)}
          title={`${formatUtc(props.hit.at)}. ${t("logs.inRun", props.hit.seq)}`}
        >
          {formatLogTime(props.hit.at)}
        </A>
        <StreamMark stream={props.hit.stream} />
        <span class="log-text hit-text">
          <LineText text={excerpt(props.hit.text, props.needle)} style={plainStyle} needle={props.needle} />
        </span>
      </div>
      <Show when={open()}>
        <HitContext hit={props.hit} needle={props.needle} />
      </Show>
    </li>
  );
}
