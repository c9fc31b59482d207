/** How much of the work an agent gets, and which: its name, weight, labels and cordon. */
import { createForm, FormError, type SubmitHandler } from "@modular-forms/solid";
import { useClient } from "@urql/solid";
import { type JSX, Show } from "solid-js";
import { splitLabels, SYSTEM_LABEL } from "../../schema/definition/label.ts";
import { readOutcome, refusalReason, refusedField } from "../graphql/refusals.ts";
import { useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { UpdateAgentDocument } from "./hosts_documents.ts";
import type { AgentData } from "./HostsPage.tsx";

type AgentForm = { name: string; labels: string; weight: number; cordoned: boolean };

const fields = ["name", "labels", "weight"] as const;

export function AgentDialog(
  props: { readonly agent: AgentData | null; readonly close: () => void },
): JSX.Element {
  const t = useTexts();
  return (
    <Dialog open={props.agent !== null} title={t("hosts.settings")} close={props.close}>
      <Show when={props.agent}>{(agent) => <AgentFields agent={agent()} close={props.close} />}</Show>
    </Dialog>
  );
}

function AgentFields(props: { readonly agent: AgentData; readonly close: () => void }): JSX.Element {
  const t = useTexts();
  const client = useClient();
  const { id, name, labels, weight, cordoned } = props.agent;
  const own = labels.filter((label) => !SYSTEM_LABEL.test(label));
  const [form, { Form, Field: FormField }] = createForm<AgentForm>({
    initialValues: { name, labels: own.join(", "), weight, cordoned },
  });
  const submit: SubmitHandler<AgentForm> = async (values) => {
    const input = { ...values, id, labels: [...splitLabels(values.labels)] };
    const result = await client.mutation(UpdateAgentDocument, { input });
    const outcome = readOutcome(result, result.data?.updateAgent);
    if (outcome.kind === "done") return props.close();
    const reason = refusalReason(outcome.refusal.message);
    const field = fields.find((field) => refusedField(outcome.refusal)?.includes(field));
    throw field === undefined
      ? new FormError<AgentForm>(reason)
      : new FormError<AgentForm>({ [field]: reason });
  };
  return (
    <Form class="form" onSubmit={submit}>
      <FormField name="name">
        {(field, ties) => (
          <Field label={t("hosts.name")} error={field.error}>
            {(marks) => (
              <input {...ties} {...marks} class="input" autocomplete="off" value={field.value ?? ""} />
            )}
          </Field>
        )}
      </FormField>
      <FormField name="labels">
        {(field, ties) => (
          <Field label={t("hosts.labels")} hint={t("hosts.labelsHint")} error={field.error}>
            {(marks) => (
              <input {...ties} {...marks} class="input" autocomplete="off" value={field.value ?? ""} />
            )}
          </Field>
        )}
      </FormField>
      <FormField name="weight" type="number">
        {(field, ties) => (
          <Field label={t("hosts.weight")} hint={t("hosts.weightHint")} error={field.error}>
            {(marks) => (
              <input
                {...ties}
                {...marks}
                class="input"
                type="number"
                min="0"
                max="1000"
                value={field.value}
              />
            )}
          </Field>
        )}
      </FormField>
      <FormField name="cordoned" type="boolean">
        {(field, ties) => (
          <label class="check-line">
            <input {...ties} type="checkbox" checked={field.value === true} />
            <span>{t("hosts.cordon")}</span>
          </label>
        )}
      </FormField>
      <Show when={form.response.status === "error"}>
        <Notice tone="failed" title={form.response.message ?? ""} />
      </Show>
      <div class="form-actions end">
        <button type="button" class="button" onClick={() => props.close()}>{t("common.cancel")}</button>
        <ChangeButton type="submit" class="button primary" disabled={form.submitting}>
          {t("common.save")}
        </ChangeButton>
      </div>
    </Form>
  );
}
