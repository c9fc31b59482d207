import { useSearchParams } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { BASE_PATH } from "../lib/base_path.ts";
import { titled } from "../lib/page_title.ts";
import { onFirstPage, pageVariables, single } from "../lib/paging.ts";
import { useTexts } from "../lib/services.ts";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { DownloadIcon } from "../ui/icons.ts";
import { Pager } from "../ui/Pager.tsx";
import { ProjectSelect } from "../ui/ProjectSelect.tsx";
import { At } from "../ui/Time.tsx";
import { AuditDocument } from "./audit_documents.ts";
import { auditFilter, type AuditSearch, changeLines, downloadAddress } from "./audit_state.ts";
import "./audit.css";

type Entry = ResultOf<typeof AuditDocument>["audit"]["edges"][number]["node"];

export default function AuditPage(): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<AuditSearch>();
  titled(() => [{ label: t("audit.title") }]);
  const place = (): { after: string | undefined; before: string | undefined } => ({
    after: single(search.after),
    before: single(search.before),
  });
  const filter = (): ReturnType<typeof auditFilter> => auditFilter(search);
  const query = createLiveQuery({
    document: AuditDocument,
    variables: () => ({ ...pageVariables(place()), filter: filter() }),
  });
  const choose = (choice: Partial<Record<keyof AuditSearch, string | null>>): void =>
    setSearch({ after: null, before: null, ...choice });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("audit.title")}</h1>
        <span class="spread" />
        <a class="button" href={BASE_PATH + downloadAddress(filter())} download="audit.ndjson">
          <DownloadIcon size={13} />
          {t("audit.download")}
        </a>
      </div>
      <p class="muted">{t("audit.lead")}</p>
      <div class="audit-filter">
        <For each={["action", "from", "to"] as const}>
          {(name) => (
            <Field label={name === "action" ? t("audit.actionFilter") : t(`audit.${name}`)}>
              {(ties) => (
                <input
                  {...ties}
                  class="input"
                  type={name === "action" ? "search" : "date"}
                  value={single(search[name]) ?? ""}
                  onChange={(event) => choose({ [name]: event.currentTarget.value || null })}
                />
              )}
            </Field>
          )}
        </For>
        <ProjectSelect project={single(search.project) ?? null} choose={(project) => choose({ project })} />
      </div>
      <QueryFaces query={query} rows={8} sheet />
      <Show when={query.data?.audit}>
        {(page) => (
          <Show
            when={page().edges.length > 0}
            fallback={<Blank title={t("audit.emptyTitle")} text={t("audit.emptyText")} />}
          >
            <AuditTable entries={page().edges.map(({ node }) => node)} />
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

function AuditTable(props: { readonly entries: readonly Entry[] }): JSX.Element {
  const t = useTexts();
  return (
    <div class="sheet">
      <table class="rows audit">
        <thead>
          <tr>
            <For each={["at", "who", "action", "subject", "changes"] as const}>
              {(name) => <th scope="col">{t(`audit.${name}`)}</th>}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.entries}>
            {(entry) => (
              <tr>
                <td>
                  <At at={entry.at} />
                </td>
                <td>
                  {entry.actorName}
                  <span class="muted small">
                    {[t(`audit.sources.${entry.source}`), entry.address].join(", ")}
                  </span>
                </td>
                <td>
                  <code>{entry.action}</code>
                </td>
                <td>{entry.subject}</td>
                <td>
                  <For each={changeLines(entry.changes, t("audit.nothing"))}>
                    {(line) => (
                      <div class="audit-change">
                        <strong>{line.field}</strong> <del>{line.before}</del> → <ins>{line.after}</ins>
                      </div>
                    )}
                  </For>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
