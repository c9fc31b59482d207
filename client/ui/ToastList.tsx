/** The list of short messages at the edge of the page; told to those who hear it. */
import { For, type JSX } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { CheckIcon, TriangleAlertIcon, XIcon } from "./icons.ts";

export function ToastList(): JSX.Element {
  const { toasts } = useServices();
  const t = useTexts();
  return (
    <div class="toasts" role="region" aria-live="polite" aria-label={t("common.messages")}>
      <For each={toasts.list()}>
        {(toast) => (
          <div class="toast" data-tone={toast.tone}>
            <span class="state-icon">
              {toast.tone === "succeeded" ? <CheckIcon size={16} /> : <TriangleAlertIcon size={16} />}
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
