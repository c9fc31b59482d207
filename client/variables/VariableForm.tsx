/** The form that sets a new variable, and the one that replaces a value. */
import { createForm, FormError, required, reset, type SubmitHandler } from "@modular-forms/solid";
import { useClient } from "@urql/solid";
import { type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton, Changes } from "../ui/Changes.tsx";
import { Notice } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { PlusIcon } from "../ui/icons.ts";
import { SetVariableDocument, type VariableRow } from "./variables_documents.ts";

/** Where a variable is set; its project by slug. */
export type VariableOwner = { readonly containerId: string } | { readonly project: string };

type Values = { name: string; value: string; secret: boolean };
const fresh: Values = { name: "", value: "", secret: false };

export function VariableForm(
  props: { readonly owner: VariableOwner; readonly changed: () => void },
): JSX.Element {
  const t = useTexts();
  const [form, { Form, Field: FormField }] = createForm<Values>({ initialValues: fresh });
  const set = createSetting(props);
  const submit: SubmitHandler<Values> = async (values) => {
    await set({ ...values, value: values.value ?? "", secret: values.secret ?? false });
    reset(form, { initialValues: fresh });
  };
  return (
    <Changes>
      <Form class="variable-form" onSubmit={submit}>
        <FormField name="name" validate={[required(t("common.required"))]}>
          {(field, ties) => (
            <Field label={t("variables.name")} error={field.error}>
              {(labels) => (
                <input
                  {...ties}
                  {...labels}
                  class="input"
                  maxlength={200}
                  autocomplete="off"
                  spellcheck={false}
                  value={field.value ?? ""}
                />
              )}
            </Field>
          )}
        </FormField>
        <FormField name="value">
          {(field, ties) => (
            <Field label={t("variables.value")} error={field.error}>
              {(labels) => (
                <textarea
                  {...ties}
                  {...labels}
                  class="input"
                  rows={1}
                  autocomplete="off"
                  spellcheck={false}
                  value={field.value ?? ""}
                />
              )}
            </Field>
          )}
        </FormField>
        <FormField name="secret" type="boolean">
          {(field, ties) => (
            <label class="variable-secret">
              <input {...ties} type="checkbox" checked={field.value ?? false} />
              {t("variables.secret")}
            </label>
          )}
        </FormField>
        <ChangeButton type="submit" class="button" disabled={form.submitting}>
          <PlusIcon size={13} />
          {t("variables.add")}
        </ChangeButton>
      </Form>
      <p class="muted small">{t("variables.secretNote")}</p>
      <Show when={form.response.status === "error"}>
        <Notice tone="failed" title={form.response.message ?? ""} />
      </Show>
    </Changes>
  );
}

/** In the place of the value that it replaces. */
export function ValueForm(props: {
  readonly variable: VariableRow;
  readonly owner: VariableOwner;
  readonly changed: () => void;
  readonly close: () => void;
}): JSX.Element {
  const t = useTexts();
  const [form, { Form, Field: FormField }] = createForm<Pick<Values, "value">>({
    initialValues: { value: props.variable.value ?? "" },
  });
  const set = createSetting(props);
  const submit: SubmitHandler<Pick<Values, "value">> = async ({ value }) => {
    const { name, secret } = props.variable;
    await set({ name, secret, value: value ?? "" });
    props.close();
  };
  return (
    <Form class="value-form" onSubmit={submit}>
      <FormField name="value">
        {(field, ties) => (
          <Field label={t("variables.newValue")} error={field.error ?? form.response.message}>
            {(labels) => (
              <textarea
                {...ties}
                {...labels}
                ref={(element) => {
                  ties.ref(element);
                  queueMicrotask(() => element.focus());
                }}
                class="input"
                rows={1}
                autocomplete="off"
                spellcheck={false}
                value={field.value ?? ""}
              />
            )}
          </Field>
        )}
      </FormField>
      <span class="form-actions">
        <button type="submit" class="button primary" disabled={form.submitting}>{t("variables.save")}</button>
        <button type="button" class="button quiet" onClick={props.close}>{t("common.cancel")}</button>
      </span>
    </Form>
  );
}

/** Sets a variable; a refusal is an error of the field that it names. */
function createSetting(
  props: { readonly owner: VariableOwner; readonly changed: () => void },
): (values: Values) => Promise<void> {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  return async (values) => {
    const result = await client.mutation(SetVariableDocument, { input: { ...props.owner, ...values } });
    const outcome = readOutcome(result, result.data?.setVariable);
    if (outcome.kind === "refused") {
      const message = refusalReason(outcome.refusal.message);
      const field = outcome.refusal.path?.[1];
      throw field === "name" || field === "value"
        ? new FormError<Values>({ [field]: message })
        : new FormError<Values>(message);
    }
    toasts.good(t("variables.saved", values.name));
    props.changed();
  };
}
