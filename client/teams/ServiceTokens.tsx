/** Tokens that belong to a project, for scripts that outlive whoever made them. */
import { createSignal, For, type JSX, Show } from "solid-js";
import { type TokenScope, tokenScopes } from "../../schema/states.ts";
import { RevokeApiTokenDocument } from "../account/account_documents.ts";
import { useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { PlusIcon } from "../ui/icons.ts";
import { Select } from "../ui/Select.tsx";
import { Ago } from "../ui/Time.tsx";
import { createAct } from "./act.ts";
import { type Made, MadeSecret } from "./MadeSecret.tsx";
import type { ProjectData } from "./ProjectPage.tsx";
import { CreateServiceTokenDocument, RotateApiTokenDocument } from "./token_documents.ts";

/** How long a replaced token goes on, so that its users have time to take the new one. */
const OVERLAP_SECONDS = 3_600;

export function ServiceTokens(props: {
  readonly project: ProjectData;
  readonly barred: string | undefined;
  readonly changed: () => void;
}): JSX.Element {
  const t = useTexts();
  const act = createAct(() => props.changed());
  const [made, setMade] = createSignal<Made | null>(null);
  const [name, setName] = createSignal("");
  const [scope, setScope] = createSignal<TokenScope>("OPERATE");
  const show = (title: string, token: string): void =>
    void setMade({ title: t("teams.tokenOf", title), secret: token });
  const create = async (): Promise<void> => {
    const variables = { name: name().trim(), project: props.project.slug, scopes: [scope()] };
    const answer = (await act(CreateServiceTokenDocument, variables))?.createApiToken;
    if (answer?.__typename !== "ApiTokenPayload") return;
    show(name().trim(), answer.token);
    setName("");
  };
  const rotate = async (id: string, title: string): Promise<void> => {
    const answer = (await act(RotateApiTokenDocument, { id, overlapSeconds: OVERLAP_SECONDS }))
      ?.rotateApiToken;
    if (answer?.__typename === "ApiTokenPayload") show(title, answer.token);
  };
  return (
    <section class="team-part" aria-labelledby="team-tokens">
      <h2 id="team-tokens">{t("teams.serviceTokens")}</h2>
      <p class="muted">{props.barred ?? t("teams.serviceTokensLead")}</p>
      <MadeSecret made={made()} />
      <fieldset class="changes" disabled={props.barred !== undefined} title={props.barred}>
        <Show when={props.project.tokens.length > 0}>
          <div class="sheet">
            <table class="rows team-tokens">
              <tbody>
                <For each={props.project.tokens}>
                  {(token) => (
                    <tr>
                      <td class="name-cell">
                        <strong>{token.name}</strong>
                      </td>
                      <td>
                        <For each={token.scopes}>
                          {(held) => <span class="chip">{t(`scopes.${held}`)}</span>}
                        </For>
                      </td>
                      <td class="muted">
                        <Show when={token.lastUsedAt} fallback={t("teams.never")}>
                          {(at) => <Ago at={at()} />}
                        </Show>
                      </td>
                      <td class="fit">
                        <span class="form-actions">
                          <button
                            type="button"
                            class="button"
                            onClick={() => void rotate(token.id, token.name)}
                          >
                            {t("teams.rotate")}
                          </button>
                          <button
                            type="button"
                            class="button danger"
                            onClick={() => void act(RevokeApiTokenDocument, { id: token.id })}
                          >
                            {t("teams.revoke")}
                          </button>
                        </span>
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </div>
        </Show>
        <div class="team-form">
          <Field label={t("teams.newToken")}>
            {(ties) => (
              <input
                {...ties}
                class="input"
                autocomplete="off"
                maxlength={200}
                value={name()}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
          <Select
            label={t("teams.scope")}
            value={scope()}
            options={tokenScopes.slice(0, 4)}
            nameOf={(known) => t(`scopes.${known}`)}
            change={setScope}
          />
          <button type="button" class="button" disabled={name().trim() === ""} onClick={() => void create()}>
            <PlusIcon size={13} />
            {t("teams.createToken")}
          </button>
        </div>
      </fieldset>
    </section>
  );
}
