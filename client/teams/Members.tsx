/** Who belongs to a project, and with which role. */
import { A } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import { type ProjectRole, projectRoles } from "../../schema/states.ts";
import { useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { PlusIcon, Trash2Icon } from "../ui/icons.ts";
import { Select } from "../ui/Select.tsx";
import { createAct } from "./act.ts";
import type { ProjectData } from "./ProjectPage.tsx";
import { SetMemberDocument } from "./teams_documents.ts";

interface Candidate {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly admin: boolean;
}

export function Members(props: {
  readonly project: ProjectData;
  readonly users: readonly Candidate[];
  readonly barred: string | undefined;
  readonly changed: () => void;
}): JSX.Element {
  const t = useTexts();
  const act = createAct(() => props.changed());
  const members = (): ProjectData["members"]["edges"] => props.project.members.edges;
  const set = (userId: string, role: ProjectRole | null): void =>
    void act(SetMemberDocument, { project: props.project.slug, userId, role });
  return (
    <section class="team-part" aria-labelledby="team-members">
      <h2 id="team-members">{t("teams.members")}</h2>
      <p class="muted">{t("teams.membersLead")}</p>
      <fieldset class="changes" disabled={props.barred !== undefined} title={props.barred}>
        <Show when={members().length > 0} fallback={<p class="muted">{t("teams.noMembers")}</p>}>
          <div class="sheet">
            <table class="rows team-members">
              <tbody>
                <For each={members()}>
                  {({ node }) => {
                    const own = (): boolean => node.project.id === props.project.id;
                    return (
                      <tr>
                        <td class="name-cell">
                          <strong>{node.user.displayName}</strong>{" "}
                          <span class="muted">{node.user.username}</span>
                        </td>
                        <td>
                          <Select
                            label={t("teams.roleOf", node.user.username)}
                            value={node.role}
                            options={projectRoles}
                            nameOf={(role) => t(`roles.${role}`)}
                            change={(role) => set(node.user.id, role)}
                          />
                        </td>
                        <td class="muted">
                          <Show when={!own()}>
                            <A href={`/projects/${node.project.slug}`}>
                              {t("teams.inherited", node.project.name)}
                            </A>
                          </Show>
                        </td>
                        <td class="fit">
                          <Show when={own()}>
                            <button
                              type="button"
                              class="button quiet icon"
                              aria-label={t("teams.removeMember", node.user.username)}
                              title={t("teams.removeMember", node.user.username)}
                              onClick={() => set(node.user.id, null)}
                            >
                              <Trash2Icon size={14} />
                            </button>
                          </Show>
                        </td>
                      </tr>
                    );
                  }}
                </For>
              </tbody>
            </table>
          </div>
        </Show>
        <AddMember
          candidates={props.users.filter(({ id, admin }) =>
            !admin && !members().some(({ node }) => node.user.id === id)
          )}
          add={set}
        />
      </fieldset>
    </section>
  );
}

function AddMember(props: {
  readonly candidates: readonly Candidate[];
  readonly add: (userId: string, role: ProjectRole) => void;
}): JSX.Element {
  const t = useTexts();
  const [userId, setUserId] = createSignal("");
  const [role, setRole] = createSignal<ProjectRole>("VIEWER");
  const name = (id: string): string =>
    props.candidates.find((user) => user.id === id)?.username ?? t("teams.chooseUser");
  return (
    <div class="team-form">
      <Field label={t("teams.addMember")}>
        {(ties) => (
          <Select
            ties={ties}
            value={userId()}
            options={["", ...props.candidates.map(({ id }) => id)]}
            nameOf={name}
            change={setUserId}
          />
        )}
      </Field>
      <Select
        label={t("teams.role")}
        value={role()}
        options={projectRoles}
        nameOf={(known) => t(`roles.${known}`)}
        change={setRole}
      />
      <button
        type="button"
        class="button"
        disabled={userId() === ""}
        onClick={() => {
          props.add(userId(), role());
          setUserId("");
        }}
      >
        <PlusIcon size={13} />
        {t("teams.add")}
      </button>
    </div>
  );
}
