/** The projects that one may see, and a form for a new one. */
import { A, useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { titled } from "../lib/page_title.ts";
import { onFirstPage, pageVariables, single } from "../lib/paging.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { PlusIcon } from "../ui/icons.ts";
import { Pager } from "../ui/Pager.tsx";
import { createAct } from "./act.ts";
import { CreateProjectDocument, ProjectsDocument } from "./teams_documents.ts";
import "./teams.css";

type ProjectData = ResultOf<typeof ProjectsDocument>["projects"]["edges"][number]["node"];

export default function ProjectsPage(): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<{ after?: string; before?: string }>();
  titled(() => [{ label: t("teams.projects") }]);
  const place = (): { after: string | undefined; before: string | undefined } => ({
    after: single(search.after),
    before: single(search.before),
  });
  const list = createLiveQuery({ document: ProjectsDocument, variables: () => pageVariables(place()) });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("teams.projects")}</h1>
      </div>
      <QueryFaces query={list} rows={4} sheet />
      <Show when={list.data?.projects}>
        {(page) => (
          <Show
            when={page().edges.length > 0}
            fallback={<Blank title={t("teams.noProjects")} text={t("teams.noProjectsText")} />}
          >
            <div class="sheet">
              <table class="rows team-projects">
                <thead>
                  <tr>
                    <th scope="col">{t("teams.project")}</th>
                    <th scope="col">{t("teams.below")}</th>
                    <th scope="col">{t("teams.containers")}</th>
                    <th scope="col">{t("teams.members")}</th>
                    <th scope="col">{t("teams.yourRole")}</th>
                  </tr>
                </thead>
                <tbody>
                  <For each={page().edges}>{({ node }) => <ProjectRow project={node} />}</For>
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
      <CreateProject parent={null} />
    </div>
  );
}

function ProjectRow(props: { readonly project: ProjectData }): JSX.Element {
  const t = useTexts();
  return (
    <tr>
      <td class="name-cell">
        <A href={`/projects/${props.project.slug}`}>{props.project.name}</A>{" "}
        <span class="muted">{props.project.slug}</span>
      </td>
      <td class="muted" data-label={t("teams.below")}>{props.project.parent?.name ?? "–"}</td>
      <td data-label={t("teams.containers")}>
        <A href={`/containers?project=${props.project.slug}`}>{props.project.containers.totalCount}</A>
      </td>
      <td data-label={t("teams.members")}>{props.project.members.totalCount}</td>
      <td data-label={t("teams.yourRole")}>
        <span class="chip">{t(`roles.${props.project.viewerRole}`)}</span>
      </td>
    </tr>
  );
}

/** Below a project, or at the top, where only administrators make some. */
export function CreateProject(
  props: { readonly parent: string | null; readonly barred?: string | undefined },
): JSX.Element {
  const { session } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const act = createAct(() => {});
  const [slug, setSlug] = createSignal("");
  const barred = (): string | undefined =>
    props.parent !== null
      ? props.barred
      : session.viewer()?.admin === true
      ? undefined
      : t("teams.administratorsOnly");
  const create = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const input = { slug: slug().trim(), name: slug().trim(), parent: props.parent };
    const answer = (await act(CreateProjectDocument, { input }))?.createProject;
    if (answer?.__typename === "Project") navigate(`/projects/${answer.slug}`);
  };
  return (
    <form class="team-form" title={barred()} onSubmit={(event) => void create(event)}>
      <Field
        label={props.parent === null ? t("teams.newProject") : t("teams.newProjectBelow")}
        hint={barred() ?? t("teams.slugHint")}
      >
        {(ties) => (
          <input
            {...ties}
            class="input"
            autocomplete="off"
            maxlength={63}
            pattern="[a-z0-9][a-z0-9\-]*"
            disabled={barred() !== undefined}
            value={slug()}
            onInput={(event) => setSlug(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button" disabled={barred() !== undefined || slug().trim() === ""}>
        <PlusIcon size={13} />
        {t("teams.createProject")}
      </button>
    </form>
  );
}
