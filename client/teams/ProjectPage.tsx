/** A project: its settings, its members, the projects below it, and its service tokens. */
import { A, useNavigate, useParams } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { titled } from "../lib/page_title.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { QueryFaces } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { NotFound } from "../ui/NotFound.tsx";
import { NumberInput } from "../ui/NumberInput.tsx";
import { createAct } from "./act.ts";
import { Members } from "./Members.tsx";
import { CreateProject } from "./ProjectsPage.tsx";
import { ServiceTokens } from "./ServiceTokens.tsx";
import { DeleteProjectDocument, ProjectDocument, UpdateProjectDocument } from "./teams_documents.ts";
import "./teams.css";

export type ProjectData = NonNullable<ResultOf<typeof ProjectDocument>["project"]>;

export default function ProjectPage(): JSX.Element {
  const t = useTexts();
  const params = useParams<{ slug: string }>();
  const query = createLiveQuery({ document: ProjectDocument, variables: () => ({ slug: params.slug }) });
  titled(() => [
    { label: t("teams.projects"), href: "/projects" },
    { label: query.data?.project?.name ?? params.slug },
  ]);
  /** Why it may not be changed; undefined when it may. */
  const barred = (): string | undefined =>
    query.data?.project?.viewerRole === "ADMIN" ? undefined : t("teams.needsAdmin");
  return (
    <div class="page team-project">
      <QueryFaces query={query} rows={5} />
      <Show when={query.data !== undefined && query.data.project === null}>
        <NotFound what="project" />
      </Show>
      <Show when={query.data?.project}>
        {(project) => (
          <>
            <div class="page-head">
              <h1>{project().name}</h1>
              <span class="chip">{t(`roles.${project().viewerRole}`)}</span>
              <span class="spread" />
              <A class="button" href={`/containers?project=${project().slug}`}>{t("teams.openContainers")}</A>
            </div>
            <Settings project={project()} barred={barred()} changed={query.refetch} />
            <Members
              project={project()}
              users={query.data?.users.edges.map(({ node }) => node) ?? []}
              barred={barred()}
              changed={query.refetch}
            />
            <section class="team-part" aria-labelledby="team-children">
              <h2 id="team-children">{t("teams.children")}</h2>
              <p>
                <For each={project().children} fallback={<span class="muted">{t("teams.noChildren")}</span>}>
                  {({ slug, name }) => <A class="chip" href={`/projects/${slug}`}>{name}</A>}
                </For>
              </p>
              <CreateProject parent={project().slug} barred={barred()} />
            </section>
            <ServiceTokens project={project()} barred={barred()} changed={query.refetch} />
          </>
        )}
      </Show>
    </div>
  );
}

function Settings(props: {
  readonly project: ProjectData;
  readonly barred: string | undefined;
  readonly changed: () => void;
}): JSX.Element {
  const { toasts } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const act = createAct(() => props.changed());
  const [name, setName] = createSignal(props.project.name);
  const [description, setDescription] = createSignal(props.project.description);
  const [runs, setRuns] = createSignal(props.project.runRetentionDays);
  const [logs, setLogs] = createSignal(props.project.logRetentionDays);
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const answer = await act(UpdateProjectDocument, {
      slug: props.project.slug,
      name: name(),
      description: description(),
      runRetentionDays: runs(),
      logRetentionDays: logs(),
    });
    if (answer !== null) toasts.good(t("teams.saved"));
  };
  const remove = async (): Promise<void> => {
    if (await act(DeleteProjectDocument, { slug: props.project.slug }) !== null) navigate("/projects");
  };
  return (
    <form class="sheet form padded" onSubmit={(event) => void save(event)}>
      <fieldset class="changes" disabled={props.barred !== undefined} title={props.barred}>
        <Field label={t("teams.name")}>
          {(ties) => (
            <input
              {...ties}
              class="input"
              maxlength={200}
              value={name()}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t("teams.description")}>
          {(ties) => (
            <textarea
              {...ties}
              class="textarea"
              rows={2}
              value={description()}
              onInput={(event) => setDescription(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="field-grid">
          <Field label={t("teams.runDays")} hint={t("teams.daysHint")}>
            {(ties) => <NumberInput ties={ties} least={1} most={36_500} value={runs()} change={setRuns} />}
          </Field>
          <Field label={t("teams.logDays")} hint={t("teams.daysHint")}>
            {(ties) => <NumberInput ties={ties} least={1} most={36_500} value={logs()} change={setLogs} />}
          </Field>
        </div>
        <div class="form-actions end">
          <button type="button" class="button danger" onClick={() => void remove()}>
            {t("teams.deleteProject")}
          </button>
          <button type="submit" class="button primary">{t("teams.save")}</button>
        </div>
      </fieldset>
      <Show when={props.barred}>
        <p class="muted">{props.barred}</p>
      </Show>
    </form>
  );
}
