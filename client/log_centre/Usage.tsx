import { createQuery } from "@urql/solid";
import { type JSX, Show } from "solid-js";
import { formatBytes } from "../hosts/host_state.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { LogUsageDocument } from "./logs_documents.ts";

/** How much output is stored; nothing until it is known. */
export function Usage(props: { readonly project: string | null }): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const [usage] = createQuery({
    query: LogUsageDocument,
    variables: () => ({ project: props.project }),
    requestPolicy: "cache-and-network",
  });
  return (
    <Show when={usage.data?.logUsage}>
      {(stored) => (
        <span class="muted logs-usage">
          {t("logs.usage", stored().lines, formatBytes(stored().bytes, texts.language()))}
        </span>
      )}
    </Show>
  );
}
