/** Name, state and what can be done with the container as a whole. */
import { A, useLocation, useNavigate } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { createSignal, type JSX, Show } from "solid-js";
import type { ParameterValues } from "../../schema/definition/parameter.ts";
import type { LiveQuery } from "../graphql/live_query.ts";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { exportFiles } from "../lib/export_files.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { CopyIcon, DownloadIcon, EllipsisIcon, PlayIcon, Trash2Icon } from "../ui/icons.ts";
import { Menu } from "../ui/Menu.tsx";
import { StateBadge } from "../ui/State.tsx";
import { Switch } from "../ui/Switch.tsx";
import { Ago, Duration } from "../ui/Time.tsx";
import type { ContainerData, ShownContainer } from "./container_documents.ts";
import type { ContainerEditor } from "./container_editor.ts";
import type { ContainerLive } from "./container_live.ts";
import { DeleteContainerDocument, EnableContainerDocument } from "./containers_documents.ts";
import { CopyContainer } from "./NameDialog.tsx";
import { parameterInputOf } from "./parameter_draft.ts";
import { RunDialog } from "./RunDialog.tsx";
import { createRunRequests } from "./run_requests.ts";

interface HeadProps {
  readonly container: ShownContainer;
  readonly query: LiveQuery<ContainerData>;
  readonly editor: ContainerEditor;
  readonly live: ContainerLive;
}

export function ContainerHead(props: HeadProps): JSX.Element {
  const t = useTexts();
  const navigate = useNavigate();
  const location = useLocation<{ readonly runWith?: ParameterValues }>();
  // Whoever comes from a run to repeat it brings what it was given.
  const [asking, setAsking] = createSignal<ParameterValues | null | undefined>(location.state?.runWith);
  const ask: AskProps["ask"] = (values) => {
    setAsking(values);
  };
  return (
    <header class="container-head">
      <div class="page-head">
        <div class="head-title">
          <h1>{props.container.name}</h1>{" "}
          <span class="chip">{t("container.version", props.editor.version())}</span>
        </div>
        <div class="head-actions">
          <EnabledSwitch {...props} />
          <RunButton {...props} ask={ask} />
          <MoreMenu container={props.container} ask={ask} />
        </div>
      </div>
      <div class="container-facts">
        <Show when={props.container.description}>
          <span class="muted">{props.container.description}</span>
        </Show>
        <NextFire container={props.container} />
        <A class="link" href={`/logs?container=${encodeURIComponent(props.container.id)}`}>
          {t("container.logs")}
        </A>
        <Show when={props.live.run()}>
          {(seen) => (
            <A class="last-run" href={`/runs/${encodeURIComponent(seen().run.id)}`}>
              <StateBadge state={seen().run.state}>
                <Duration startedAt={seen().run.startedAt} finishedAt={seen().run.finishedAt} />
              </StateBadge>
            </A>
          )}
        </Show>
      </div>
      <RunDialog
        open={asking() !== undefined}
        container={{
          id: props.container.id,
          name: props.container.name,
          // As it was saved: with unsaved changes nothing can be run.
          parameters: props.editor.draft.settings.parameters.map(parameterInputOf),
        }}
        values={asking() ?? null}
        close={() => setAsking(undefined)}
        started={(run) => {
          props.live.started(run);
          navigate(`/runs/${encodeURIComponent(run.id)}`);
        }}
      />
    </header>
  );
}

interface AskProps {
  /** Opens the form of a run with these values; null = the defaults. */
  readonly ask: (values: ParameterValues | null) => void;
}

function NextFire(props: { readonly container: ShownContainer }): JSX.Element {
  const t = useTexts();
  return (
    <Show
      when={props.container.expression}
      fallback={<span class="muted">{t("containers.byHand")}</span>}
    >
      {(expression) => (
        <span class="muted">
          <code class="expression">{expression()}</code> {props.container.timezone}
          {" · "}
          <Show when={props.container.enabled} fallback={t("containers.paused")}>
            <Show when={props.container.nextFires[0]} fallback={t("containers.noFire")}>
              {(at) => (
                <>
                  {t("container.next")} <Ago at={at()} />
                </>
              )}
            </Show>
          </Show>
        </span>
      )}
    </Show>
  );
}

function EnabledSwitch(props: HeadProps): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const show = (enabled: boolean): void =>
    props.query.change((data) => {
      if (data.container !== null) data.container.enabled = enabled;
    });
  const change = async (enabled: boolean): Promise<void> => {
    show(enabled);
    const result = await client.mutation(EnableContainerDocument, { id: props.container.id, enabled });
    const outcome = readOutcome(result, result.data?.updateContainer);
    if (outcome.kind === "done") return;
    show(!enabled);
    toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <Switch
      checked={props.container.enabled}
      label={t("containers.enabled")}
      onChange={(enabled) => void change(enabled)}
    />
  );
}

function RunButton(props: HeadProps & AskProps): JSX.Element {
  const { keyboard } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const requests = createRunRequests();
  const requested = (): boolean => requests.requested(props.container.id);
  const hindrance = (): string | null => {
    if (props.editor.changes() > 0) return t("container.saveFirst");
    return props.editor.draft.tasks.length === 0 ? t("container.noTasks") : null;
  };
  const run = async (): Promise<void> => {
    if (hindrance() !== null) return;
    if (props.editor.draft.settings.parameters.length > 0) {
      props.ask(null);
      return;
    }
    const started = await requests.request(props.container.id);
    if (started === null) return;
    props.live.started(started);
    navigate(`/runs/${encodeURIComponent(started.id)}`);
  };
  keyboard.bind([{ keys: "r", meaning: () => t("keys.run"), changes: true, run: () => void run() }]);
  return (
    <ChangeButton
      runs
      class="button primary"
      disabled={requested() || hindrance() !== null}
      title={hindrance() ?? undefined}
      onClick={() => void run()}
    >
      <PlayIcon size={13} />
      {requested() ? t("containers.requested") : t("container.run")}
    </ChangeButton>
  );
}

function MoreMenu(props: { readonly container: ShownContainer } & AskProps): JSX.Element {
  const t = useTexts();
  const navigate = useNavigate();
  const [asking, setAsking] = createSignal<"copy" | "delete" | null>(null);
  const close = (): void => {
    setAsking(null);
  };
  const client = useClient();
  const { toasts } = useServices();
  const download = async (): Promise<void> => {
    const { name, project } = props.container;
    const fault = await exportFiles(client, { name, project: project.slug });
    if (fault !== null) toasts.bad(fault);
  };
  return (
    <>
      <Menu
        label={t("container.more")}
        class="button icon"
        trigger={<EllipsisIcon />}
        groups={[
          {
            entries: [{
              label: t("runForm.open"),
              icon: PlayIcon,
              changes: true,
              run: () => props.ask(null),
            }, {
              label: t("container.copy"),
              icon: CopyIcon,
              changes: true,
              run: () => setAsking("copy"),
            }, {
              label: t("container.export"),
              icon: DownloadIcon,
              run: () => void download(),
            }],
          },
          {
            entries: [{
              label: t("container.delete"),
              icon: Trash2Icon,
              danger: true,
              changes: true,
              run: () => setAsking("delete"),
            }],
          },
        ]}
      />
      <CopyContainer
        id={props.container.id}
        name={props.container.name}
        open={asking() === "copy"}
        close={close}
        copied={(id) => navigate(`/containers/${encodeURIComponent(id)}`)}
      />
      <Dialog
        open={asking() === "delete"}
        title={t("container.deleteTitle", props.container.name)}
        close={close}
      >
        <DeleteQuestion container={props.container} close={close} />
      </Dialog>
    </>
  );
}

function DeleteQuestion(
  props: { readonly container: ShownContainer; readonly close: () => void },
): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const [refused, setRefused] = createSignal<string | null>(null);
  const remove = async (): Promise<void> => {
    const { id, name } = props.container;
    const result = await client.mutation(DeleteContainerDocument, { id }, {
      additionalTypenames: ["Container"],
    });
    const outcome = readOutcome(result, result.data?.deleteContainer);
    if (outcome.kind === "refused") {
      setRefused(refusalReason(outcome.refusal.message));
      return;
    }
    toasts.good(t("container.deleted", name));
    navigate("/containers");
  };
  return (
    <>
      <p>{t("container.deleteText", props.container.tasks.length)}</p>
      <Show when={refused()}>{(reason) => <p class="field-error" role="alert">{reason()}</p>}</Show>
      <div class="form-actions end">
        <button type="button" class="button" onClick={() => props.close()}>{t("common.cancel")}</button>
        <button type="button" class="button danger" onClick={() => void remove()}>
          {t("container.deleteSubmit")}
        </button>
      </div>
    </>
  );
}
