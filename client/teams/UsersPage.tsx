/** Those who can sign in: made, disabled, given a new password, deleted. Administrators change, others look. */
import { A, useSearchParams } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { titled } from "../lib/page_title.ts";
import { onFirstPage, pageVariables, single } from "../lib/paging.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { EllipsisIcon, PlusIcon } from "../ui/icons.ts";
import { Menu } from "../ui/Menu.tsx";
import { Pager } from "../ui/Pager.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Ago } from "../ui/Time.tsx";
import { createAct } from "./act.ts";
import { type Made, MadeSecret } from "./MadeSecret.tsx";
import {
  CreateUserDocument,
  DeleteUserDocument,
  ResetPasswordDocument,
  UpdateUserDocument,
  UsersDocument,
} from "./teams_documents.ts";
import "./teams.css";

type Search = { name?: string; after?: string; before?: string };
type UserData = ResultOf<typeof UsersDocument>["users"]["edges"][number]["node"];

export default function UsersPage(): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<Search>();
  titled(() => [{ label: t("teams.users") }]);
  const place = (): { after: string | undefined; before: string | undefined } => ({
    after: single(search.after),
    before: single(search.before),
  });
  const list = createLiveQuery({
    document: UsersDocument,
    variables: () => ({ ...pageVariables(place()), nameContains: single(search.name) ?? null }),
  });
  const [made, setMade] = createSignal<Made | null>(null);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("teams.users")}</h1>
        <span class="spread" />
        <SearchField
          label={t("teams.findUser")}
          value={single(search.name) ?? ""}
          search={(name) => setSearch({ name, after: null, before: null })}
        />
      </div>
      <CreateUser made={setMade} changed={list.refetch} />
      <MadeSecret made={made()} />
      <QueryFaces query={list} rows={6} sheet />
      <Show when={list.data?.users}>
        {(page) => (
          <Show
            when={page().edges.length > 0}
            fallback={<Blank title={t("teams.noUsers")} text={t("teams.noUsersText")} />}
          >
            <div class="sheet">
              <table class="rows team-users">
                <thead>
                  <tr>
                    <th scope="col">{t("teams.user")}</th>
                    <th scope="col">{t("teams.roles")}</th>
                    <th scope="col">{t("teams.lastSeen")}</th>
                    <th scope="col" class="fit">
                      <span class="unseen">{t("teams.actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  <For each={page().edges}>
                    {({ node }) => <UserRow user={node} made={setMade} changed={list.refetch} />}
                  </For>
                </tbody>
              </table>
            </div>
            <Pager
              info={page().pageInfo}
              first={onFirstPage(place())}
              go={(next) => setSearch({ after: null, before: null, ...next })}
            />
          </Show>
        )}
      </Show>
    </div>
  );
}

function CreateUser(
  props: { readonly made: (made: Made) => void; readonly changed: () => void },
): JSX.Element {
  const { session } = useServices();
  const t = useTexts();
  const act = createAct(() => props.changed());
  const [username, setUsername] = createSignal("");
  const barred = (): string | undefined =>
    session.viewer()?.admin === true ? undefined : t("teams.administratorsOnly");
  const create = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const answer = (await act(CreateUserDocument, { input: { username: username().trim() } }))?.createUser;
    if (answer?.__typename !== "PasswordPayload") return;
    props.made({ title: t("teams.passwordOf", answer.user.username), secret: answer.password });
    setUsername("");
  };
  return (
    <form class="team-form" title={barred()} onSubmit={(event) => void create(event)}>
      <Field label={t("teams.newUser")} hint={barred() ?? t("teams.newUserHint")}>
        {(ties) => (
          <input
            {...ties}
            class="input"
            autocomplete="off"
            maxlength={200}
            disabled={barred() !== undefined}
            value={username()}
            onInput={(event) => setUsername(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button" disabled={barred() !== undefined || username().trim() === ""}>
        <PlusIcon size={13} />
        {t("teams.createUser")}
      </button>
    </form>
  );
}

function UserRow(
  props: { readonly user: UserData; readonly made: (made: Made) => void; readonly changed: () => void },
): JSX.Element {
  const { session } = useServices();
  const t = useTexts();
  const act = createAct(() => props.changed());
  const id = (): string => props.user.id;
  const administers = (): boolean => session.viewer()?.admin === true;
  const reset = async (): Promise<void> => {
    const answer = (await act(ResetPasswordDocument, { id: id() }))?.resetPassword;
    if (answer?.__typename !== "PasswordPayload") return;
    props.made({ title: t("teams.passwordOf", answer.user.username), secret: answer.password });
  };
  const update = (input: { readonly admin?: boolean; readonly disabled?: boolean }): void =>
    void act(UpdateUserDocument, { input: { id: id(), ...input } });
  return (
    <tr>
      <td class="name-cell">
        <strong>{props.user.displayName}</strong> <span class="muted">{props.user.username}</span>{" "}
        <Show when={props.user.disabled}>
          <span class="chip">{t("teams.disabled")}</span>
        </Show>
      </td>
      <td data-label={t("teams.roles")}>
        <Show when={!props.user.admin} fallback={<span class="chip">{t("teams.administrator")}</span>}>
          <For each={props.user.memberships} fallback={<span class="muted">{t("teams.noRole")}</span>}>
            {({ role, project }) => (
              <A class="chip" href={`/projects/${project.slug}`}>{project.name}: {t(`roles.${role}`)}</A>
            )}
          </For>
        </Show>
      </td>
      <td class="muted" data-label={t("teams.lastSeen")}>
        <Show when={props.user.lastSeenAt} fallback={t("teams.never")}>{(at) => <Ago at={at()} />}</Show>
      </td>
      <td class="fit">
        <Show when={administers()}>
          <Menu
            label={t("teams.actionsOf", props.user.username)}
            trigger={<EllipsisIcon size={14} />}
            groups={[
              {
                entries: [
                  {
                    label: props.user.disabled ? t("teams.enable") : t("teams.disable"),
                    run: () => update({ disabled: !props.user.disabled }),
                  },
                  {
                    label: props.user.admin ? t("teams.noAdministrator") : t("teams.makeAdministrator"),
                    run: () => update({ admin: !props.user.admin }),
                  },
                  { label: t("teams.resetPassword"), run: () => void reset() },
                ],
              },
              {
                entries: [{
                  label: t("teams.deleteUser"),
                  danger: true,
                  run: () => void act(DeleteUserDocument, { id: id() }),
                }],
              },
            ]}
          />
        </Show>
      </td>
    </tr>
  );
}
