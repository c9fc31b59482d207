/** Variables and secrets of one owner: listed, set, replaced and deleted. */
import { useClient } from "@urql/solid";
import { createSignal, For, type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Blank } from "../ui/faces.tsx";
import { At } from "../ui/Time.tsx";
import { ValueForm, VariableForm, type VariableOwner } from "./VariableForm.tsx";
import { DeleteVariableDocument, type VariableRow } from "./variables_documents.ts";
import "./variables.css";

export function VariableList(props: {
  readonly variables: readonly VariableRow[];
  readonly owner: VariableOwner;
  readonly changed: () => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <>
      <Show
        when={props.variables.length > 0}
        fallback={<Blank title={t("variables.emptyTitle")} text={t("variables.emptyText")} />}
      >
        <div class="sheet">
          <table class="rows variables">
            <thead>
              <tr>
                <th scope="col">{t("variables.name")}</th>
                <th scope="col">{t("variables.value")}</th>
                <th scope="col">{t("variables.setAt")}</th>
                <th scope="col" class="fit">
                  <span class="unseen">{t("variables.replace")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.variables}>
                {(variable) => <Row variable={variable} owner={props.owner} changed={props.changed} />}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
      <VariableForm owner={props.owner} changed={props.changed} />
    </>
  );
}

function Row(props: {
  readonly variable: VariableRow;
  readonly owner: VariableOwner;
  readonly changed: () => void;
}): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const [open, setOpen] = createSignal<"replace" | "remove" | null>(null);
  const [busy, setBusy] = createSignal(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    const result = await client.mutation(DeleteVariableDocument, { id: props.variable.id });
    setBusy(false);
    const outcome = readOutcome(result, result.data?.deleteVariable);
    if (outcome.kind === "done") toasts.good(t("variables.removed", props.variable.name));
    else toasts.bad(refusalReason(outcome.refusal.message));
    props.changed();
  };
  const close = (): void => void setOpen(null);
  return (
    <tr>
      <td>
        <span class="variable-name">
          <code>{props.variable.name}</code>
          <Show when={props.variable.secret}>
            <span class="chip">{t("variables.secret")}</span>
          </Show>
        </span>
      </td>
      <td class="variable-value">
        <Show
          when={open() === "replace"}
          fallback={
            <Show
              when={props.variable.value !== null}
              fallback={<span class="muted">*** ({t("variables.hidden")})</span>}
            >
              <code>{props.variable.value}</code>
            </Show>
          }
        >
          <ValueForm variable={props.variable} owner={props.owner} changed={props.changed} close={close} />
        </Show>
      </td>
      <td class="muted">
        <At at={props.variable.updatedAt} />
        <Show when={props.variable.updatedBy}>
          {(user) => <span class="small">{t("variables.setBy", user().displayName)}</span>}
        </Show>
      </td>
      <td class="fit">
        <Show when={open() === null}>
          <span class="form-actions">
            <ChangeButton
              class="button quiet"
              aria-label={t("variables.replaceOne", props.variable.name)}
              onClick={() => setOpen("replace")}
            >
              {t("variables.replace")}
            </ChangeButton>
            <ChangeButton
              class="button quiet"
              aria-label={t("variables.removeOne", props.variable.name)}
              onClick={() => setOpen("remove")}
            >
              {t("variables.remove")}
            </ChangeButton>
          </span>
        </Show>
        <Show when={open() === "remove"}>
          <span class="form-actions">
            <button
              type="button"
              class="button danger"
              ref={(element) => queueMicrotask(() => element.focus())}
              disabled={busy()}
              onClick={() => void remove()}
            >
              {t("variables.removeOne", props.variable.name)}
            </button>
            <button type="button" class="button quiet" onClick={close}>{t("common.cancel")}</button>
          </span>
        </Show>
      </td>
    </tr>
  );
}
