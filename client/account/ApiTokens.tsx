/** Tokens for scripts: made, shown this once, and taken away. */
import { useClient } from "@urql/solid";
import { createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import { faultMessage, readOutcome, refusalReason } from "../graphql/refusals.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { LoadFault, Skeleton } from "../ui/faces.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Trash2Icon } from "../ui/icons.ts";
import { Ago, At } from "../ui/Time.tsx";
import { ApiTokensDocument, RevokeApiTokenDocument } from "./account_documents.ts";
import { TokenForm } from "./TokenForm.tsx";
import { tokenOver } from "./token_state.ts";

type TokensData = ResultOf<typeof ApiTokensDocument>;
type Token = NonNullable<TokensData["viewer"]>["apiTokens"][number];

export function ApiTokens(): JSX.Element {
  const t = useTexts();
  const query = createLiveQuery({ document: ApiTokensDocument, variables: () => ({}) });
  const tokens = (): readonly Token[] => query.data?.viewer?.apiTokens ?? [];
  return (
    <section class="account-part" aria-labelledby="account-tokens">
      <h2 id="account-tokens">{t("account.tokens")}</h2>
      <p class="muted">{t("account.tokensLead")}</p>
      <Switch>
        <Match when={query.error && query.data === undefined}>
          <LoadFault message={faultMessage(query.error)} retry={query.refetch} />
        </Match>
        <Match when={query.loading}>
          <Skeleton rows={2} />
        </Match>
        <Match when={tokens().length === 0}>
          <p class="muted">{t("account.noTokens")}</p>
        </Match>
        <Match when={tokens().length > 0}>
          <div class="sheet">
            <table class="rows tokens">
              <thead>
                <tr>
                  <th scope="col">{t("account.tokenName")}</th>
                  <th scope="col">{t("account.tokenMade")}</th>
                  <th scope="col">{t("account.tokenUsed")}</th>
                  <th scope="col">{t("account.tokenEnds")}</th>
                  <th scope="col" class="fit">
                    <span class="unseen">{t("account.revoke")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={tokens()}>{(token) => <TokenRow token={token} query={query} />}</For>
              </tbody>
            </table>
          </div>
        </Match>
      </Switch>
      <TokenForm made={query.refetch} />
    </section>
  );
}

function TokenRow(props: { readonly token: Token; readonly query: LiveQuery<TokensData> }): JSX.Element {
  const client = useClient();
  const { ticker, toasts } = useServices();
  const t = useTexts();
  const [asked, setAsked] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const revoke = async (): Promise<void> => {
    const { name } = props.token;
    setBusy(true);
    const result = await client.mutation(RevokeApiTokenDocument, { id: props.token.id });
    setBusy(false);
    const outcome = readOutcome(result, result.data?.revokeApiToken);
    if (outcome.kind === "done") toasts.good(t("account.revoked", name));
    else toasts.bad(refusalReason(outcome.refusal.message));
    props.query.refetch();
  };
  return (
    <tr>
      <td class="token-name">{props.token.name}</td>
      <td data-label={t("account.tokenMade")}>
        <At at={props.token.createdAt} />
      </td>
      <td data-label={t("account.tokenUsed")}>
        <Show when={props.token.lastUsedAt} fallback={<span class="muted">{t("account.neverUsed")}</span>}>
          {(at) => <Ago at={at()} />}
        </Show>
      </td>
      <td data-label={t("account.tokenEnds")}>
        <Show when={props.token.expiresAt} fallback={<span class="muted">{t("account.neverEnds")}</span>}>
          {(at) => (
            <Show when={!tokenOver(at(), ticker.now())} fallback={t("account.tokenOver")}>
              <Ago at={at()} />
            </Show>
          )}
        </Show>
      </td>
      <td class="fit token-end">
        <Show
          when={asked()}
          fallback={
            <IconButton name={t("account.revokeOne", props.token.name)} press={() => setAsked(true)}>
              <Trash2Icon size={14} />
            </IconButton>
          }
        >
          <span class="form-actions">
            <button
              type="button"
              class="button danger"
              ref={(element) => queueMicrotask(() => element.focus())}
              disabled={busy()}
              onClick={() => void revoke()}
            >
              {t("account.revoke")}
            </button>
            <button type="button" class="button quiet" onClick={() => setAsked(false)}>
              {t("common.cancel")}
            </button>
          </span>
        </Show>
      </td>
    </tr>
  );
}
