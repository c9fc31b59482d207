import { A, useLocation } from "@solidjs/router";
import { createEffect, For, type JSX, on, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { type ContainerTab, containerTabs, tabAddress } from "./container_tabs.ts";

/** The parts of the page as links: each can be opened beside the other, sent to somebody and gone back to. */
export function ContainerTabs(props: {
  readonly containerId: string;
  readonly current: ContainerTab;
  readonly taskCount: number;
  readonly changed: (tab: ContainerTab) => boolean;
}): JSX.Element {
  const t = useTexts();
  const location = useLocation();
  let tabs: HTMLElement | undefined;
  // On a phone the tabs are wider than the screen.
  createEffect(on(() => props.current, () => {
    tabs?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }));
  return (
    <nav ref={(element) => (tabs = element)} class="tabs" aria-label={t("containerTabs.label")}>
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
      <A class="tab" href={`/logs?container=${encodeURIComponent(props.containerId)}`}>
        {t("containerTabs.log")}
      </A>
    </nav>
  );
}
