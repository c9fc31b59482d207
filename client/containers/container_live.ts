/** What happens to a container while its page is open: it is saved by others, it runs, it is deleted. */
import { type Accessor, createMemo, createSignal } from "solid-js";
import { useClient } from "@urql/solid";
import { finalRun, type TaskRunState } from "../../schema/states.ts";
import type { LiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { plainCopy } from "../lib/plain_copy.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ActiveRunDocument, ContainerChangesDocument, ContainerDocument } from "./container_documents.ts";
import type { ContainerEditor } from "./container_editor.ts";
import type { RunRowData } from "./containers_state.ts";

type ContainerData = ResultOf<typeof ContainerDocument>;
type SeenTaskRun = NonNullable<NonNullable<ContainerData["container"]>["lastRun"]>["taskRuns"][number];

/** The newest run, and how far each task of it is, by the task's id. */
export interface SeenRun {
  readonly run: RunRowData;
  readonly states: ReadonlyMap<string, TaskRunState>;
}

export interface ContainerLive {
  /** A run that is active, or that ended while the page was open. */
  readonly run: Accessor<SeenRun | null>;
  /** Shows a run that this page has just asked for. */
  readonly started: (run: RunRowData) => void;
}

export function followContainer(
  id: string,
  query: LiveQuery<ContainerData>,
  editor: ContainerEditor,
  deleted: () => void,
): ContainerLive {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const [seen, setSeen] = createSignal<string | null>(null);
  createStream({
    document: ContainerChangesDocument,
    variables: () => ({}),
    next: ({ containerEvents }) => {
      const events = containerEvents.filter(({ containerId }) => containerId === id);
      const last = events.at(-1);
      if (last === undefined) return;
      const { container } = last;
      if (last.kind === "DELETED" || container === null) {
        toasts.bad(t("containers.gone", query.data?.container?.name ?? ""));
        deleted();
        return;
      }
      query.change((data) => {
        if (data.container === null) return;
        data.container.enabled = container.enabled;
        data.container.nextFires = [...container.nextFires];
      });
      if (container.version !== editor.version() && !editor.saving()) void readTheirs();
    },
  });
  const readTheirs = async (): Promise<void> => {
    const { data } = await client.query(ContainerDocument, { id }, { requestPolicy: "network-only" });
    if (data?.container) editor.theirs(plainCopy(data.container));
  };
  createStream({
    document: ActiveRunDocument,
    variables: () => ({ containerId: id }),
    next: ({ runEvents }) =>
      query.change((data) => {
        for (const { run, taskRuns } of runEvents) {
          if (data.container === null) return;
          if (!finalRun(run.state)) setSeen(run.id);
          if (run.container !== null) data.container.nextFires = [...run.container.nextFires];
          data.container.lastRun = mergeRun(data.container.lastRun, run, taskRuns);
        }
      }),
  });
  const run = createMemo((): SeenRun | null => {
    const last = query.data?.container?.lastRun;
    if (last === null || last === undefined || (finalRun(last.state) && last.id !== seen())) return null;
    const states = last.taskRuns.flatMap(({ task, state }) =>
      task === null ? [] : [[task.id, state] as const]
    );
    return { run: last, states: new Map(states) };
  });
  return {
    run,
    started: (run) => {
      setSeen(run.id);
      query.change((data) => {
        if (data.container !== null) data.container.lastRun = mergeRun(data.container.lastRun, run, []);
      });
    },
  };
}

type LastRun = NonNullable<ContainerData["container"]>["lastRun"];

/** The newest run with what is known of its tasks; an older one changes nothing. */
function mergeRun(last: LastRun, run: RunRowData, taskRuns: readonly SeenTaskRun[]): LastRun {
  if (last !== null && last.id !== run.id && last.createdAt > run.createdAt) return last;
  const known = last?.id === run.id ? last.taskRuns : [];
  const merged = new Map([...known, ...taskRuns].map((taskRun) => [taskRun.id, taskRun]));
  return { ...run, taskRuns: [...merged.values()] };
}
