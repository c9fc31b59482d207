import { useLocation } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { ResultOf } from "../graphql/tada.ts";
import { useServerWords } from "../lib/server_words.ts";
import { useTexts } from "../lib/services.ts";
import { Ago } from "../ui/Time.tsx";
import type { VersionsDocument } from "./versions_documents.ts";
import { versionAddress } from "./versions_state.ts";

type Versions = NonNullable<ResultOf<typeof VersionsDocument>["container"]>["versions"];
export type VersionRow = Versions["edges"][number]["node"];

/** Newest first; each a link to what it changed. */
export function VersionList(props: {
  readonly versions: readonly VersionRow[];
  readonly current: number;
  readonly shown: number;
}): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  const location = useLocation();
  return (
    <ol class="sheet version-list" aria-label={t("versions.list")}>
      <For each={props.versions}>
        {(row) => (
          <li>
            {/* Not the router's link: it takes every address of this path for the current one. */}
            <a
              class="version-line"
              data-row
              href={`${location.pathname}${versionAddress(row.version)}`}
              aria-current={props.shown === row.version ? "true" : undefined}
            >
              <strong class="version-number">{row.version}</strong>
              <span class="version-summary">{say(row, "summary")}</span>
              <span class="version-by muted small">
                <Author author={row.author} />
                {" · "}
                <Ago at={row.at} />
                <Show when={row.version === props.current}>
                  <span class="chip">{t("versions.current")}</span>
                </Show>
              </span>
            </a>
          </li>
        )}
      </For>
    </ol>
  );
}

export function Author(props: {
  readonly author: { readonly username: string; readonly displayName: string } | null;
}): JSX.Element {
  const t = useTexts();
  return <>{props.author?.displayName || props.author?.username || t("versions.server")}</>;
}
