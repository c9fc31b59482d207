/** Who changed what and when, what differs between two versions, and the way back to one. */
import { useSearchParams } from "@solidjs/router";
import { createEffect, type JSX, on, Show } from "solid-js";
import type { ContainerEditor } from "../containers/container_editor.ts";
import { createLiveQuery } from "../graphql/live_query.ts";
import { onFirstPage, type PageAddress, pageVariables, single } from "../lib/paging.ts";
import { QueryFaces } from "../ui/faces.tsx";
import { Pager } from "../ui/Pager.tsx";
import { VersionDetail } from "./VersionDetail.tsx";
import { VersionList } from "./VersionList.tsx";
import { readVersionAddress } from "./versions_state.ts";
import { VersionsDocument } from "./versions_documents.ts";
import "./versions.css";

type Search = { version?: string; against?: string; after?: string; before?: string };

export default function VersionsTab(props: {
  readonly containerId: string;
  readonly editor: ContainerEditor;
}): JSX.Element {
  const [search, setSearch] = useSearchParams<Search>();
  const page = (): PageAddress => ({ after: single(search.after), before: single(search.before) });
  const list = createLiveQuery({
    document: VersionsDocument,
    variables: () => ({ id: props.containerId, ...pageVariables(page()) }),
  });
  createEffect(on(() => props.editor.version(), list.refetch, { defer: true }));
  const shown = () => readVersionAddress(search, props.editor.version());
  const show = (version: number | null, against: number | null): void => {
    setSearch({ version: version?.toString() ?? null, against: against?.toString() ?? null }, {
      scroll: false,
    });
  };

  return (
    <section class="versions" classList={{ chosen: single(search.version) !== undefined }}>
      <div class="versions-list">
        <QueryFaces query={list} rows={6} />
        <Show when={list.data?.container?.versions}>
          {(versions) => (
            <>
              <VersionList
                versions={versions().edges.map(({ node }) => node)}
                current={props.editor.version()}
                shown={shown().version}
              />
              <Pager
                info={versions().pageInfo}
                first={onFirstPage(page())}
                go={({ after, before }) => setSearch({ after: after ?? null, before: before ?? null })}
              />
            </>
          )}
        </Show>
      </div>
      <VersionDetail
        containerId={props.containerId}
        editor={props.editor}
        version={shown().version}
        against={shown().against}
        show={show}
      />
    </section>
  );
}
