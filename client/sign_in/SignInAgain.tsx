/** Over a page whose sign-in has ended: the page stays as it is, with what was typed, and goes on once its owner is back. */
import { createForm, required, type SubmitHandler } from "@modular-forms/solid";
import { createSignal, type JSX, Show } from "solid-js";
import type { Refusal } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/faces.tsx";
import { PasswordField } from "./PasswordField.tsx";
import { signInFault } from "./sign_in_state.ts";
import "./sign_in_again.css";

type AgainValues = { password: string };

export default function SignInAgain(): JSX.Element {
  const { session } = useServices();
  const t = useTexts();
  const [form, { Form, Field: FormField }] = createForm<AgainValues>();
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const username = (): string => session.viewer()?.username ?? "";
  const submit: SubmitHandler<AgainValues> = async ({ password }) => {
    setRefusal(null);
    const outcome = await session.signIn(username(), password);
    if (outcome.kind === "refused") setRefusal(outcome.refusal);
  };
  return (
    // It cannot be put away: nothing behind it works until somebody is signed in.
    <Dialog open title={t("again.title")} over="sign-in-again" close={() => {}}>
      <p>{t("again.lead", username())}</p>
      <Form class="form" onSubmit={submit}>
        {/* For password managers, which look for both. */}
        <input
          class="unseen"
          tabindex="-1"
          aria-hidden="true"
          autocomplete="username"
          readonly
          value={username()}
        />
        <FormField name="password" validate={[required(t("common.required"))]}>
          {(field, ties) => (
            <PasswordField
              label={t("signIn.password")}
              complete="current-password"
              first
              field={field}
              ties={ties}
            />
          )}
        </FormField>
        <Show when={refusal()}>
          {(refused) => <Notice tone="failed" title={signInFault(refused(), t)} />}
        </Show>
        <div class="form-actions end">
          <button type="button" class="button quiet" onClick={() => session.leave()}>
            {t("again.other")}
          </button>
          <button type="submit" class="button primary" disabled={form.submitting}>
            {form.submitting ? t("signIn.busy") : t("signIn.submit")}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
