/** Tasks as lines: each leads to its place in the container, is switched on and off, and runs by itself. */
import { A, useNavigate } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { createSignal, For, type JSX } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { formatDuration } from "../lib/time.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { RefreshLine } from "../ui/faces.tsx";
import { PlayIcon } from "../ui/icons.ts";
import { Switch } from "../ui/Switch.tsx";
import { EnableTaskDocument, RunTaskDocument, type TasksDocument } from "./tasks_documents.ts";
import { firstLine } from "./tasks_state.ts";

type TasksData = ResultOf<typeof TasksDocument>;
type TaskRow = TasksData["tasks"]["edges"][number]["node"];
type Change = (recipe: (data: TasksData) => void) => void;

export function TaskRows(props: {
  readonly edges: readonly { readonly node: TaskRow }[];
  readonly change: Change;
  readonly refreshing: boolean;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="sheet">
      <RefreshLine shown={props.refreshing} />
      <table class="rows tasks">
        <thead>
          <tr>
            <th scope="col">{t("taskPage.task")}</th>
            <th scope="col">{t("runs.container")}</th>
            <th scope="col" class="command-column">{t("taskPage.command")}</th>
            <th scope="col" class="narrow-column">{t("taskPage.limit")}</th>
            <th scope="col" class="fit">{t("containers.enabled")}</th>
            <th scope="col" class="fit">
              <span class="unseen">{t("containers.run")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.edges}>{(edge) => <Row task={edge.node} change={props.change} />}</For>
        </tbody>
      </table>
    </div>
  );
}

function Row(props: { readonly task: TaskRow; readonly change: Change }): JSX.Element {
  const t = useTexts();
  const container = (): string => `/containers/${encodeURIComponent(props.task.container.id)}`;
  return (
    <tr>
      <td class="name-cell">
        <A
          class="row-link"
          data-row
          href={`${container()}?task=${encodeURIComponent(props.task.id)}`}
          title={props.task.description === "" ? undefined : props.task.description}
        >
          {props.task.name}
        </A>
      </td>
      <td class="container-cell">
        <A class="above truncate" href={container()}>{props.task.container.name}</A>
      </td>
      <td class="command-cell">
        <code title={props.task.command}>{firstLine(props.task.command)}</code>
      </td>
      <td class="muted" data-phone="hide">
        {props.task.timeoutSeconds === 0
          ? t("taskPage.noLimit")
          : formatDuration(props.task.timeoutSeconds * 1000)}
      </td>
      <td class="fit switch-cell">
        <span class="above">
          <EnabledSwitch task={props.task} change={props.change} />
        </span>
      </td>
      <td class="fit run-cell">
        <span class="above">
          <RunButton task={props.task} />
        </span>
      </td>
    </tr>
  );
}

/** Moves at once; goes back, and says why, when the server refuses. */
function EnabledSwitch(props: { readonly task: TaskRow; readonly change: Change }): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const change = async (enabled: boolean): Promise<void> => {
    const { id } = props.task;
    const write = (value: boolean): void =>
      props.change((data) => {
        const task = data.tasks.edges.find(({ node }) => node.id === id)?.node;
        if (task !== undefined) task.enabled = value;
      });
    write(enabled);
    const result = await client.mutation(EnableTaskDocument, { id, enabled });
    const outcome = readOutcome(result, result.data?.updateTask);
    if (outcome.kind === "done") return;
    write(!enabled);
    toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <Switch
      checked={props.task.enabled}
      label={t("taskPage.enable", props.task.name)}
      hideLabel
      onChange={(enabled) => void change(enabled)}
    />
  );
}

/** Runs the task without what it waits for, and leads to the run. */
function RunButton(props: { readonly task: TaskRow }): JSX.Element {
  const client = useClient();
  const navigate = useNavigate();
  const { toasts } = useServices();
  const t = useTexts();
  const [asked, setAsked] = createSignal(false);
  const run = async (): Promise<void> => {
    setAsked(true);
    const result = await client.mutation(RunTaskDocument, { taskId: props.task.id });
    setAsked(false);
    const outcome = readOutcome(result, result.data?.runTask);
    if (outcome.kind === "done") navigate(`/runs/${encodeURIComponent(outcome.value.id)}`);
    else toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <ChangeButton
      class="button quiet"
      disabled={asked()}
      aria-label={t("taskPage.runNow", props.task.name)}
      title={t("taskPage.runNow", props.task.name)}
      onClick={() => void run()}
    >
      <PlayIcon size={13} />
    </ChangeButton>
  );
}
