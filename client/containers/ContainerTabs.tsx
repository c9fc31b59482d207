import { useLocation } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { type ContainerTab, containerTabs, tabAddress } from "./container_tabs.ts";

/** The parts of the page as links: each can be opened beside the other, sent to somebody and gone back to. */
export function ContainerTabs(props: {
  readonly current: ContainerTab;
  readonly taskCount: number;
  readonly changed: (tab: ContainerTab) => boolean;
}): JSX.Element {
  const t = useTexts();
  const location = useLocation();
  return (
    <nav class="tabs" aria-label={t("containerTabs.label")}>
      <For each={containerTabs}>
        {(name) => (
          // Not the router's link: it takes every address of this path for the current one.
          <a
            class="tab"
            href={tabAddress(location.pathname, name)}
            aria-current={props.current === name ? "page" : undefined}
          >
            {t(`containerTabs.${name}`)}
            <Show when={name === "graph"}>
              <span class="muted small">{props.taskCount}</span>
            </Show>
            <Show when={props.changed(name)}>
              <span class="tab-changed" role="img" aria-label={t("containerTabs.changed")} />
            </Show>
          </a>
        )}
      </For>
    </nav>
  );
}
