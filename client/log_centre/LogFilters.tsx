import { createQuery } from "@urql/solid";
import { For, type JSX, Show } from "solid-js";
import { logStreams } from "../../schema/states.ts";
import { useTexts } from "../lib/services.ts";
import { readSpan, type RunSpan, runSpans } from "../runs/runs_state.ts";
import { ContainerSelect } from "../ui/ContainerSelect.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { XIcon } from "../ui/icons.ts";
import { ProjectSelect } from "../ui/ProjectSelect.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Select } from "../ui/Select.tsx";
import { TaskNamesDocument } from "./logs_documents.ts";
import {
  isRanged,
  type LogsAddress,
  readLocalField,
  readStreams,
  toggleStream,
  writeLocalField,
} from "./logs_state.ts";

export type LogsChange = { readonly [Name in keyof LogsAddress]?: string | null };

/** What the log centre looks for; each choice is written to the address. */
export function LogFilters(props: {
  readonly address: LogsAddress;
  readonly set: (change: LogsChange) => void;
}): JSX.Element {
  const t = useTexts();
  const streams = (): ReturnType<typeof readStreams> => readStreams(props.address.stream);
  return (
    <div class="toolbar logs-filters">
      <SearchField
        label={t("logs.search")}
        value={props.address.q ?? ""}
        search={(text) => props.set({ q: text === "" ? null : text })}
      />
      <ProjectSelect
        project={props.address.project ?? null}
        choose={(project) => props.set({ project })}
      />
      <ContainerSelect
        containerId={props.address.container ?? null}
        choose={(container) => props.set({ container, task: null })}
      />
      <Show when={props.address.container}>
        {(containerId) => (
          <TaskSelect
            containerId={containerId()}
            taskId={props.address.task ?? null}
            choose={(task) => props.set({ task })}
          />
        )}
      </Show>
      <Times address={props.address} set={props.set} />
      <div class="segments" role="group" aria-label={t("logs.streams")}>
        <button
          type="button"
          class="segment"
          aria-pressed={streams().length === 0}
          onClick={() => props.set({ stream: null })}
        >
          {t("logs.allStreams")}
        </button>
        <For each={logStreams}>
          {(stream) => (
            <button
              type="button"
              class="segment"
              aria-pressed={streams().includes(stream)}
              onClick={() => props.set({ stream: toggleStream(streams(), stream) })}
            >
              {t(`logStreams.${stream}`)}
            </button>
          )}
        </For>
      </div>
      <Chips address={props.address} set={props.set} />
    </div>
  );
}

function TaskSelect(props: {
  readonly containerId: string;
  readonly taskId: string | null;
  readonly choose: (id: string | null) => void;
}): JSX.Element {
  const t = useTexts();
  const [names] = createQuery({
    query: TaskNamesDocument,
    variables: () => ({ containerId: props.containerId }),
  });
  const tasks = (): readonly { readonly id: string; readonly name: string }[] =>
    names.data?.container?.tasks ?? [];
  const ids = (): readonly string[] => [
    ...new Set(["", ...tasks().map(({ id }) => id), ...(props.taskId === null ? [] : [props.taskId])]),
  ];
  return (
    <Select
      class="filter-choice"
      label={t("logs.task")}
      value={props.taskId ?? ""}
      options={ids()}
      nameOf={(id) =>
        id === "" ? t("logs.anyTask") : tasks().find((task) => task.id === id)?.name ?? t("logs.oneTask")}
      change={(id) => props.choose(id === "" ? null : id)}
    />
  );
}

/** A span until now, or instants from and to. */
function Times(props: {
  readonly address: LogsAddress;
  readonly set: (change: LogsChange) => void;
}): JSX.Element {
  const t = useTexts();
  const options: readonly (RunSpan | "any" | "range")[] = ["any", ...runSpans, "range"];
  const value = (): RunSpan | "any" | "range" =>
    isRanged(props.address) || props.address.span === "range"
      ? "range"
      : readSpan(props.address.span) ?? "any";
  const nameOf = (option: RunSpan | "any" | "range"): string => {
    if (option === "any") return t("runViews.anyTime");
    return option === "range" ? t("logs.range") : t(`runSpans.${option}`);
  };
  const field = (name: "from" | "to"): JSX.Element => (
    <input
      class="input logs-instant"
      type="datetime-local"
      aria-label={t(`logs.${name}`)}
      title={t(`logs.${name}`)}
      value={writeLocalField(props.address[name])}
      onChange={(event) => props.set({ [name]: readLocalField(event.currentTarget.value) })}
    />
  );
  return (
    <>
      <Select
        class="filter-choice"
        label={t("runViews.time")}
        value={value()}
        options={options}
        nameOf={nameOf}
        change={(span) => props.set({ span: span === "any" ? null : span, from: null, to: null })}
      />
      <Show when={value() === "range"}>
        <span class="logs-range">
          {field("from")}
          <span class="muted" aria-hidden="true">–</span>
          {field("to")}
        </span>
      </Show>
    </>
  );
}

/** What links restrict and no control above does. */
function Chips(props: {
  readonly address: LogsAddress;
  readonly set: (change: LogsChange) => void;
}): JSX.Element {
  const t = useTexts();
  const chips = (): readonly { readonly label: string; readonly gone: LogsChange }[] => {
    const { run, taskRun, attempt, task, container } = props.address;
    return [
      ...(run === undefined ? [] : [{ label: t("logs.oneRun"), gone: { run: null } }]),
      ...(taskRun === undefined
        ? []
        : [{ label: t("logs.oneTaskRun"), gone: { taskRun: null, attempt: null } }]),
      ...(attempt === undefined
        ? []
        : [{ label: t("log.attempt", Number(attempt)), gone: { attempt: null } }]),
      ...(task === undefined || container !== undefined
        ? []
        : [{ label: t("logs.oneTask"), gone: { task: null } }]),
    ];
  };
  return (
    <For each={chips()}>
      {({ label, gone }) => (
        <span class="chip range-chip">
          {label}
          <IconButton name={t("logs.without", label)} press={() => props.set(gone)}>
            <XIcon size={13} />
          </IconButton>
        </span>
      )}
    </For>
  );
}
