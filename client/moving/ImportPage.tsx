/** The way in and out: a crontab pasted or chosen, and containers as files. */
import { useSearchParams } from "@solidjs/router";
import { For, type JSX, Match, Switch } from "solid-js";
import { titled } from "../lib/page_title.ts";
import { single } from "../lib/paging.ts";
import { useTexts } from "../lib/services.ts";
import { CrontabImport } from "./CrontabImport.tsx";
import { FilesImport } from "./FilesImport.tsx";
import "./moving.css";

const ways = ["crontab", "files"] as const;

export default function ImportPage(): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<{ way?: string }>();
  const way = (): typeof ways[number] => ways.find((known) => known === single(search.way)) ?? "crontab";
  titled(() => [{ label: t("moving.title") }]);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("moving.title")}</h1>
        <span class="spread" />
        <div class="segments" role="group" aria-label={t("moving.ways")}>
          <For each={ways}>
            {(each) => (
              <button
                type="button"
                class="segment"
                aria-pressed={way() === each}
                onClick={() => setSearch({ way: each === "crontab" ? null : each }, { replace: true })}
              >
                {t(`moving.${each}`)}
              </button>
            )}
          </For>
        </div>
      </div>
      <Switch>
        <Match when={way() === "crontab"}>
          <CrontabImport />
        </Match>
        <Match when={way() === "files"}>
          <FilesImport />
        </Match>
      </Switch>
    </div>
  );
}
