import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { useTexts } from "../lib/services.ts";
import { BoxesIcon, GaugeIcon, HistoryIcon, PanelLeftIcon, ServerIcon } from "../ui/icons.ts";
import { Mark } from "../ui/Mark.tsx";

/** In the order of the bar. On a phone they lie side by side at the foot. */
const places = [
  { href: "/", name: "shell.overview", icon: GaugeIcon },
  { href: "/containers", name: "shell.containers", icon: BoxesIcon },
  { href: "/runs", name: "shell.runs", icon: HistoryIcon },
  { href: "/hosts", name: "shell.hosts", icon: ServerIcon },
] as const;

export function SideBar(props: { readonly collapsed: boolean; readonly fold: () => void }): JSX.Element {
  const t = useTexts();
  const foldLabel = (): string => props.collapsed ? t("shell.expand") : t("shell.collapse");
  return (
    <nav class="side" aria-label={t("shell.navigation")}>
      <div class="side-name">
        <Mark size={24} />
        <span class="side-word">Orrery</span>
      </div>
      <For each={places}>
        {(place) => (
          <A
            class="side-link"
            href={place.href}
            end={place.href === "/"}
            title={props.collapsed ? t(place.name) : undefined}
          >
            <Dynamic component={place.icon} size={16} />
            <span class="side-word">{t(place.name)}</span>
            <Show when={props.collapsed}>
              <span class="unseen">{t(place.name)}</span>
            </Show>
          </A>
        )}
      </For>
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
