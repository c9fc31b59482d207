/** Above a container that files or a crontab keep, or that is a shadow: what that means, and the way out of it. */
import { useClient } from "@urql/solid";
import { type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Notice } from "../ui/faces.tsx";
import { ShadowContainerDocument, type ShownContainer } from "./container_documents.ts";

export function OriginNotice(props: { readonly container: ShownContainer }): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const end = async (): Promise<void> => {
    const result = await client.mutation(ShadowContainerDocument, { id: props.container.id, shadow: false });
    const outcome = readOutcome(result, result.data?.updateContainer);
    if (outcome.kind === "refused") toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <>
      <Show when={props.container.shadow}>
        <Notice tone="skipped" title={t("container.shadowTitle")} text={t("container.shadowText")}>
          <ChangeButton class="button" onClick={() => void end()}>{t("container.shadowEnd")}</ChangeButton>
        </Notice>
      </Show>
      <Show when={props.container.source}>
        {(source) => (
          <Notice
            tone="skipped"
            title={t("container.sourceTitle", source())}
            text={t("container.sourceText")}
          />
        )}
      </Show>
    </>
  );
}
