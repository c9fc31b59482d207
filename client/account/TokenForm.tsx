import { createForm, FormError, required, reset, type SubmitHandler } from "@modular-forms/solid";
import { useClient } from "@urql/solid";
import { createSignal, For, type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { Notice } from "../ui/faces.tsx";
import { CopyIcon, PlusIcon } from "../ui/icons.ts";
import { CreateApiTokenDocument } from "./account_documents.ts";
import { tokenEnd, type TokenLife, tokenLives } from "./token_state.ts";

type TokenValues = { name: string; life: TokenLife };
const fresh: TokenValues = { name: "", life: "90" };

/** Makes a token, and shows it while this page is open: the server keeps only its hash. */
export function TokenForm(props: { readonly made: () => void }): JSX.Element {
  const client = useClient();
  const { clock } = useServices();
  const t = useTexts();
  const [form, { Form, Field: FormField }] = createForm<TokenValues>({ initialValues: fresh });
  const [token, setToken] = createSignal<string | null>(null);
  const submit: SubmitHandler<TokenValues> = async ({ name, life }) => {
    const variables = { name, expiresAt: tokenEnd(life, clock()) };
    const result = await client.mutation(CreateApiTokenDocument, variables);
    const outcome = readOutcome(result, result.data?.createApiToken);
    if (outcome.kind === "refused") {
      const message = refusalReason(outcome.refusal.message);
      throw outcome.refusal.path?.[0] === "name"
        ? new FormError<TokenValues>({ name: message })
        : new FormError<TokenValues>(message);
    }
    setToken(outcome.value.token);
    reset(form, { initialValues: fresh });
    props.made();
  };
  const lifeText = (life: TokenLife): string =>
    life === "never" ? t("account.neverEnds") : t("account.days", Number(life));
  return (
    <>
      <Show when={token()}>{(made) => <MadeToken token={made()} />}</Show>
      <Form class="token-form" onSubmit={submit}>
        <FormField name="name" validate={[required(t("common.required"))]}>
          {(field, ties) => (
            <Field label={t("account.tokenFor")} error={field.error}>
              {(labels) => (
                <input
                  {...ties}
                  {...labels}
                  class="input"
                  maxlength={200}
                  autocomplete="off"
                  value={field.value ?? ""}
                />
              )}
            </Field>
          )}
        </FormField>
        <FormField name="life">
          {(field, ties) => (
            <Field label={t("account.tokenEnds")}>
              {(labels) => (
                <select {...ties} {...labels} class="select">
                  <For each={tokenLives}>
                    {(life) => <option value={life} selected={field.value === life}>{lifeText(life)}</option>}
                  </For>
                </select>
              )}
            </Field>
          )}
        </FormField>
        <button type="submit" class="button" disabled={form.submitting}>
          <PlusIcon size={13} />
          {t("account.makeToken")}
        </button>
      </Form>
      <Show when={form.response.status === "error"}>
        <Notice tone="failed" title={form.response.message ?? ""} />
      </Show>
    </>
  );
}

function MadeToken(props: { readonly token: string }): JSX.Element {
  const { toasts } = useServices();
  const t = useTexts();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(props.token);
    toasts.good(t("account.copied"));
  };
  return (
    <Notice tone="succeeded" title={t("account.madeToken")} text={t("account.madeTokenText")}>
      <code class="made-token">{props.token}</code>
      <button type="button" class="button" onClick={() => void copy()}>
        <CopyIcon size={13} />
        {t("account.copy")}
      </button>
    </Notice>
  );
}
