import { type JSX, Show } from "solid-js";
import { copyText } from "../lib/clipboard.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { CopyIcon } from "../ui/icons.ts";
import { At } from "../ui/Time.tsx";
import type { ShownContainer } from "./container_documents.ts";

/** What nobody sets: where the container lives, since when, and what scripts call it. */
export function ContainerFacts(props: { readonly container: ShownContainer }): JSX.Element {
  const { toasts } = useServices();
  const t = useTexts();
  const copy = async (): Promise<void> => {
    if (await copyText(props.container.id)) toasts.good(t("settings.copied"));
    else toasts.bad(t("settings.notCopied"));
  };
  return (
    <dl class="facts">
      <dt>{t("settings.project")}</dt>
      <dd>{props.container.project.name}</dd>
      <dt>{t("settings.created")}</dt>
      <dd>
        <At at={props.container.createdAt} />
      </dd>
      <Show when={props.container.updatedAt !== props.container.createdAt}>
        <dt>{t("settings.updated")}</dt>
        <dd>
          <At at={props.container.updatedAt} />
        </dd>
      </Show>
      <dt>{t("settings.id")}</dt>
      <dd>
        <code>{props.container.id}</code>
        <IconButton name={t("settings.copyId")} press={() => void copy()}>
          <CopyIcon size={13} />
        </IconButton>
      </dd>
    </dl>
  );
}
