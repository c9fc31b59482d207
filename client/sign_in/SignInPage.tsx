import { createForm, required, type SubmitHandler } from "@modular-forms/solid";
import { useSearchParams } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { createSignal, For, type JSX, onMount, Show } from "solid-js";
import type { Refusal } from "../graphql/refusals.ts";
import { BASE_PATH } from "../lib/base_path.ts";
import { single } from "../lib/paging.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { Mark } from "../ui/Mark.tsx";
import { Notice } from "../ui/faces.tsx";
import { ThemeMenu } from "../ui/ThemeMenu.tsx";
import { PasswordField } from "./PasswordField.tsx";
import { returnAddress } from "./return_address.ts";
import { SignInMethodsDocument } from "./session_documents.ts";
import { signInFault } from "./sign_in_state.ts";
import "./sign_in.css";

type SignInForm = { username: string; password: string };

export default function SignInPage(): JSX.Element {
  const { session } = useServices();
  const t = useTexts();
  const [search] = useSearchParams<{ from?: string; fault?: string }>();
  const [methods] = createQuery({ query: SignInMethodsDocument, variables: {} });
  const passwords = (): boolean =>
    methods.data === undefined || methods.data.signInMethods.some(({ kind }) => kind === "PASSWORD");
  const [form, { Form, Field: FormField }] = createForm<SignInForm>();
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  let username: HTMLInputElement | undefined;
  onMount(() => username?.focus());

  const submit: SubmitHandler<SignInForm> = async (values) => {
    setRefusal(null);
    const outcome = await session.signIn(values.username, values.password);
    if (outcome.kind === "refused") setRefusal(outcome.refusal);
  };
  const ended = (): boolean => {
    const state = session.state();
    return state.kind === "nobody" && state.ended && search.from !== undefined;
  };
  return (
    <main class="sign-in">
      <div class="sign-in-corner">
        <ThemeMenu />
      </div>
      <div class="sign-in-sky" aria-hidden="true">
        <Mark size={560} turning />
      </div>
      <section class="sign-in-card">
        <div class="sign-in-name">
          <Mark size={34} />
          <div>
            <h1>Orrery</h1>
            <p class="muted">{t("signIn.lead")}</p>
          </div>
        </div>
        <Show when={ended() && refusal() === null}>
          <Notice tone="queued" title={t("signIn.ended")} />
        </Show>
        <Show when={search.fault === "provider" && refusal() === null}>
          <Notice tone="failed" title={t("signIn.providerFailed")} />
        </Show>
        <For each={methods.data?.signInMethods.filter(({ url }) => url !== null)}>
          {({ name, url }) => (
            <a
              class="button primary wide"
              rel="external"
              href={`${BASE_PATH}${url}?from=${encodeURIComponent(returnAddress(single(search.from)))}`}
            >
              {t("signIn.through", name)}
            </a>
          )}
        </For>
        <Show when={!passwords()}>
          <p class="muted small">{t("signIn.emergency")}</p>
        </Show>
        <Form class="form" onSubmit={submit} autocomplete="on">
          <FormField name="username" validate={[required(t("common.required"))]}>
            {(field, props) => (
              <Field label={t("signIn.username")} error={field.error}>
                {(ties) => (
                  <input
                    {...props}
                    {...ties}
                    ref={(element) => {
                      username = element;
                      props.ref(element);
                    }}
                    class="input"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck={false}
                    value={field.value ?? ""}
                  />
                )}
              </Field>
            )}
          </FormField>
          <FormField name="password" validate={[required(t("common.required"))]}>
            {(field, ties) => (
              <PasswordField
                label={t("signIn.password")}
                complete="current-password"
                field={field}
                ties={ties}
              />
            )}
          </FormField>
          <Show when={refusal()}>
            {(refused) => <Notice tone="failed" title={signInFault(refused(), t)} />}
          </Show>
          <button type="submit" class="button primary wide" disabled={form.submitting}>
            {form.submitting ? t("signIn.busy") : t("signIn.submit")}
          </button>
        </Form>
        <p class="muted small">{t("signIn.first")}</p>
      </section>
    </main>
  );
}
