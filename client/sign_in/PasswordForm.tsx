import {
  createForm,
  custom,
  FormError,
  getValue,
  minLength,
  required,
  type SubmitHandler,
} from "@modular-forms/solid";
import { For, type JSX, Show } from "solid-js";
import { refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Notice } from "../ui/faces.tsx";
import { PasswordField } from "./PasswordField.tsx";
import { PASSWORD_CHARACTERS, passwordField, signInFault } from "./sign_in_state.ts";

type PasswordValues = { currentPassword: string; newPassword: string; again: string };

/** The old password, and the new one twice. */
export function PasswordForm(props: { readonly done: () => void }): JSX.Element {
  const { session, toasts } = useServices();
  const t = useTexts();
  const [form, { Form, Field: FormField }] = createForm<PasswordValues>();
  const submit: SubmitHandler<PasswordValues> = async ({ currentPassword, newPassword }) => {
    const outcome = await session.changePassword(currentPassword, newPassword);
    if (outcome.kind === "done") {
      toasts.good(t("password.done"));
      props.done();
      return;
    }
    const field = passwordField(outcome.refusal);
    const message = signInFault(outcome.refusal, t);
    throw field === null
      ? new FormError<PasswordValues>(message)
      : new FormError<PasswordValues>({ [field]: refusalReason(message) });
  };
  const fields = [
    { name: "currentPassword", label: "password.current", complete: "current-password", rules: [] },
    {
      name: "newPassword",
      label: "password.fresh",
      complete: "new-password",
      rules: [minLength(PASSWORD_CHARACTERS, t("password.short"))],
    },
    {
      name: "again",
      label: "password.again",
      complete: "new-password",
      rules: [
        custom((value?: string) => value === getValue(form, "newPassword"), t("password.differs")),
      ],
    },
  ] as const;
  return (
    <Form class="form" onSubmit={submit}>
      <For each={fields}>
        {(one) => (
          <FormField name={one.name} validate={[required(t("common.required")), ...one.rules]}>
            {(field, ties) => (
              <PasswordField
                label={t(one.label)}
                hint={one.name === "newPassword" ? t("password.hint") : undefined}
                complete={one.complete}
                field={field}
                ties={ties}
              />
            )}
          </FormField>
        )}
      </For>
      <Show when={form.response.status === "error"}>
        <Notice tone="failed" title={form.response.message ?? ""} />
      </Show>
      <div class="form-actions end">
        <button type="submit" class="button primary" disabled={form.submitting}>
          {t("password.submit")}
        </button>
      </div>
    </Form>
  );
}
