import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { BoxesIcon, HistoryIcon, PanelLeftIcon } from "../ui/icons.ts";
import { Mark } from "../ui/Mark.tsx";

export function SideBar(props: { readonly collapsed: boolean; readonly fold: () => void }): JSX.Element {
  const t = useTexts();
  const foldLabel = (): string => props.collapsed ? t("shell.expand") : t("shell.collapse");
  return (
    <nav class="side" aria-label={t("shell.navigation")}>
      <div class="side-name">
        <Mark size={24} />
        <span class="side-word">Orrery</span>
      </div>
      <A class="side-link" href="/containers" title={props.collapsed ? t("shell.containers") : undefined}>
        <BoxesIcon size={16} />
        <span class="side-word">{t("shell.containers")}</span>
        <Show when={props.collapsed}>
          <span class="unseen">{t("shell.containers")}</span>
        </Show>
      </A>
      <A class="side-link" href="/runs" title={props.collapsed ? t("shell.runs") : undefined}>
        <HistoryIcon size={16} />
        <span class="side-word">{t("shell.runs")}</span>
        <Show when={props.collapsed}>
          <span class="unseen">{t("shell.runs")}</span>
        </Show>
      </A>
      <span class="spread side-spread" />
      <button
        type="button"
        class="side-link side-spread side-fold"
        aria-label={foldLabel()}
        title={foldLabel()}
        onClick={() => props.fold()}
      >
        <PanelLeftIcon size={16} />
        <span class="side-word">{t("shell.collapse")}</span>
      </button>
    </nav>
  );
}
