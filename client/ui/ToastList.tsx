/** The list of short messages at the edge of the page; told to those who hear it. */
import { For, type JSX, Match, Switch } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { BanIcon, CheckIcon, TriangleAlertIcon, XIcon } from "./icons.ts";

export function ToastList(): JSX.Element {
  const { toasts } = useServices();
  const t = useTexts();
  return (
    <div class="toasts" role="region" aria-live="polite" aria-label={t("common.messages")}>
      <For each={toasts.list()}>
        {(toast) => (
          <div class="toast" data-tone={toast.tone}>
            <span class="state-icon">
              <Switch fallback={<TriangleAlertIcon size={16} />}>
                <Match when={toast.tone === "succeeded"}>
                  <CheckIcon size={16} />
                </Match>
                <Match when={toast.tone === "cancelled"}>
                  <BanIcon size={16} />
                </Match>
              </Switch>
            </span>
            <span class="toast-body">{toast.text}</span>
            <button
              type="button"
              class="button quiet icon"
              aria-label={t("common.dismiss")}
              onClick={() => toasts.dismiss(toast.id)}
            >
              <XIcon />
            </button>
          </div>
        )}
      </For>
    </div>
  );
}
