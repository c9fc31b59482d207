import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { PanelLeftIcon } from "../ui/icons.ts";
import { Mark } from "../ui/Mark.tsx";
import { type ShellPage, shellPages } from "./pages.ts";

export function SideBar(props: { readonly collapsed: boolean; readonly fold: () => void }): JSX.Element {
  const t = useTexts();
  const foldLabel = (): string => props.collapsed ? t("shell.expand") : t("shell.collapse");
  return (
    <nav class="side" aria-label={t("shell.navigation")}>
      <div class="side-name">
        <Mark size={24} />
        <span class="side-word">Orrery</span>
      </div>
      <For each={shellPages.filter(({ aside }) => aside !== true)}>
        {(page) => <SideLink page={page} collapsed={props.collapsed} />}
      </For>
      <span class="spread side-wide" />
      <button
        type="button"
        class="side-link side-wide side-fold"
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

function SideLink(props: { readonly page: ShellPage; readonly collapsed: boolean }): JSX.Element {
  const t = useTexts();
  const Icon = props.page.icon;
  return (
    <A
      class="side-link"
      classList={{ "side-wide": props.page.wide ?? false }}
      href={props.page.path}
      end={props.page.path === "/"}
      title={props.collapsed ? props.page.name(t) : undefined}
    >
      <Icon size={16} />
      <span class="side-word">{props.page.name(t)}</span>
      <Show when={props.collapsed}>
        <span class="unseen">{props.page.name(t)}</span>
      </Show>
    </A>
  );
}
