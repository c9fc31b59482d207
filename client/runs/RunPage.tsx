import { useParams } from "@solidjs/router";
import { createEffect, createMemo, type JSX, Match, on, Show, Switch } from "solid-js";
import { finalRun, type TaskRunState } from "../../schema/states.ts";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import { faultMessage } from "../graphql/refusals.ts";
import { createStream } from "../graphql/streams.ts";
import { titled } from "../lib/page_title.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { createSteady } from "../lib/steady.ts";
import { LogView } from "../logs/LogView.tsx";
import { LoadFault, Skeleton } from "../ui/faces.tsx";
import { NotFound } from "../ui/NotFound.tsx";
import { RunFoot, RunHead } from "./RunHead.tsx";
import { createRunAddress } from "./run_address.ts";
import { RunDocument, RunEventsDocument } from "./run_documents.ts";
import {
  applyRunChange,
  countDone,
  decideSelection,
  orderTaskRuns,
  type RunData,
  type ShownRun,
  type ShownTaskRun,
} from "./run_state.ts";
import { createLastGood } from "./last_good.ts";
import { createRunEnd } from "./run_end.ts";
import { RunViews } from "./RunViews.tsx";
import { walkTasks } from "./task_walk.ts";
import { TaskPicker } from "./TaskPicker.tsx";
import { RoleScope } from "../ui/RoleScope.tsx";
import { TaskRunHead } from "./TaskRunHead.tsx";
import { TaskRunTable } from "./TaskRunTable.tsx";
import "./run.css";

const TIME_IN_TITLE = 16;
/** While nobody has chosen a task, the one that is shown stays at least so long. */
const MIN_SHOWN_MS = 1500;

export default function RunPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  return (
    <Show when={decodeURIComponent(params.id)} keyed>
      {(id) => <OneRun id={id} />}
    </Show>
  );
}

function OneRun(props: { readonly id: string }): JSX.Element {
  const query = createLiveQuery({ document: RunDocument, variables: () => ({ id: props.id }) });
  createStream({
    document: RunEventsDocument,
    variables: () => ({ runId: props.id }),
    next: ({ runEvents }) => {
      let unknown = false;
      query.change((data) => {
        for (const change of runEvents) unknown = applyRunChange(data, change) || unknown;
      });
      if (unknown) query.refetch();
    },
  });
  const run = (): ShownRun | undefined => query.data?.run ?? undefined;
  return (
    <Switch>
      <Match when={run()}>
        {(shown) => (
          <RoleScope role={shown().project.viewerRole === "OPERATOR" ? "EDITOR" : shown().project.viewerRole}>
            <Shown run={shown()} query={query} />
          </RoleScope>
        )}
      </Match>
      <Match when={query.data !== undefined}>
        <NotFound what="run" />
      </Match>
      <Match when={query.error}>
        <div class="page">
          <LoadFault message={faultMessage(query.error)} retry={query.refetch} />
        </div>
      </Match>
      <Match when={query.loading}>
        <Skeleton rows={12} />
      </Match>
    </Switch>
  );
}

function Shown(props: { readonly run: ShownRun; readonly query: LiveQuery<RunData> }): JSX.Element {
  const t = useTexts();
  const { clock } = useServices();
  let body: HTMLElement | undefined;
  titled(() => [
    { label: t("runs.title"), href: "/runs" },
    {
      label: `${props.run.containerName} · ${props.run.createdAt.slice(0, TIME_IN_TITLE).replace("T", " ")}`,
    },
  ]);
  const taskRuns = createMemo(() => orderTaskRuns(props.run.taskRuns, props.run.relations));
  const decided = createSteady(
    createMemo<string | null>((previous) => decideSelection(taskRuns(), previous), null),
    MIN_SHOWN_MS,
    clock,
  );
  const address = createRunAddress(taskRuns, decided);
  const { narrow, view, show } = address;
  const selected = (): ShownTaskRun | undefined => taskRuns().find(({ id }) => id === address.selected());
  const lastGood = createLastGood(
    () => props.run,
    () => view() === "compare" || props.run.state === "FAILED" || badly(selected()?.state),
  );
  const notices = createRunEnd(() => props.run);
  const step = walkTasks({ taskRuns, selected: address.selected, select: address.select });
  // What was chosen far down in a list is looked at from its top.
  createEffect(on(view, (shown) => {
    if (shown === "output" && body !== undefined && body.getBoundingClientRect().top < 0) {
      body.scrollIntoView({ block: "start" });
    }
  }, { defer: true }));
  return (
    <div class="run-page">
      <RunHead run={props.run} notices={notices} narrow={narrow()} />
      <Show when={taskRuns().length > 0} fallback={<p class="graph-none muted">{t("run.noTasks")}</p>}>
        <div class="run-body" data-view={view()} ref={(element) => (body = element)}>
          <RunViews
            run={props.run}
            taskRuns={taskRuns()}
            address={address}
            step={step}
            lastGood={lastGood}
          />
          <Show when={view() === "graph" && !narrow()}>
            <section class="run-tasks" aria-label={t("run.tasks")}>
              <TaskRunTable
                taskRuns={taskRuns()}
                selected={address.selected()}
                select={address.select}
                step={step}
                follows
              />
            </section>
          </Show>
          <Show when={view() === "output"}>
            <TaskPicker
              taskRuns={taskRuns()}
              selected={address.selected()}
              select={address.select}
              step={step}
              showAll={() => show("timeline")}
            />
          </Show>
          <Show when={!narrow() || view() === "output"}>
            <section class="run-log">
              <Show when={selected()}>
                {(taskRun) => (
                  <>
                    <TaskRunHead
                      runId={props.run.id}
                      runEnded={finalRun(props.run.state)}
                      taskRun={taskRun()}
                      lastGood={lastGood}
                      compare={() => show("compare")}
                      select={address.select}
                      runChanges={countDone(taskRuns())}
                    />
                    <LogView
                      taskRunId={taskRun().id}
                      name={taskRun().name}
                      nothing={nothingWritten(taskRun(), t)}
                    />
                  </>
                )}
              </Show>
            </section>
          </Show>
        </div>
      </Show>
      <Show when={narrow()}>
        <RunFoot run={props.run} notices={notices} />
      </Show>
    </div>
  );
}

function badly(state: TaskRunState | undefined): boolean {
  return state === "FAILED" || state === "TIMED_OUT";
}

function nothingWritten(taskRun: ShownTaskRun, t: ReturnType<typeof useTexts>): string {
  switch (taskRun.state) {
    case "PENDING":
    case "READY":
      return t("log.notStarted");
    case "SKIPPED":
      return t("log.skipped");
    case "RUNNING":
      return t("log.waiting");
    default:
      return taskRun.startedAt === null ? t("log.skipped") : t("log.empty");
  }
}
