/** What a row of the list is grouped by: the project, the tags, and whether it is a favourite. */
import { A } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { For, type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { StarIcon } from "../ui/icons.ts";
import { SetFavoriteDocument } from "./containers_documents.ts";
import type { ContainerRowData } from "./containers_state.ts";

export function ContainerMarks(props: {
  readonly row: ContainerRowData;
  /** Shows the row as it is now. */
  readonly mark: (favorite: boolean) => void;
}): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const mark = async (favorite: boolean): Promise<void> => {
    props.mark(favorite);
    const result = await client.mutation(SetFavoriteDocument, { id: props.row.id, favorite });
    const outcome = readOutcome(result, result.data?.setFavorite);
    if (outcome.kind === "done") return;
    props.mark(!favorite);
    toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <span class="above container-marks">
      <button
        type="button"
        class="button quiet icon"
        aria-pressed={props.row.favorite}
        aria-label={t("containers.favoriteOf", props.row.name)}
        title={t("containers.favoriteOf", props.row.name)}
        onClick={() => void mark(!props.row.favorite)}
      >
        <StarIcon size={12} />
      </button>
      <Show when={props.row.project.slug !== "default"}>
        <A class="chip" href={`/containers?project=${props.row.project.slug}`}>{props.row.project.name}</A>
      </Show>
      <For each={props.row.tags}>
        {(tag) => <A class="chip" href={`/containers?tag=${encodeURIComponent(tag)}`}>{tag}</A>}
      </For>
    </span>
  );
}
