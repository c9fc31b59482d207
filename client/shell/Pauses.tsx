/** What is paused stands above every page, with the reason and the way to go on. */
import { useClient } from "@urql/solid";
import { For, type JSX, onCleanup } from "solid-js";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { graphql, type ResultOf } from "../graphql/tada.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Notice } from "../ui/faces.tsx";

const PausesDocument = graphql(`
  query Pauses { pauses { reason since project { slug name } pausedBy { displayName } } }
`);
const ResumeDocument = graphql(`
  mutation Resume($project: String) {
    resume(project: $project) {
      __typename
      ... on DeletedPayload { deletedId }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
/** What somebody else pauses is seen after this long at the latest. */
const REREAD_MS = 20_000;

type PausesData = ResultOf<typeof PausesDocument>;
export type PausesQuery = LiveQuery<PausesData>;

export function createPauses(): PausesQuery {
  const query = createLiveQuery({ document: PausesDocument, variables: () => ({}) });
  const timer = setInterval(query.refetch, REREAD_MS);
  onCleanup(() => clearInterval(timer));
  return query;
}

export function PauseNotices(props: { readonly pauses: PausesQuery }): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const resume = async (project: string | null): Promise<void> => {
    const result = await client.mutation(ResumeDocument, { project });
    const outcome = readOutcome(result, result.data?.resume);
    if (outcome.kind === "refused") toasts.bad(refusalReason(outcome.refusal.message));
    props.pauses.refetch();
  };
  const textOf = ({ reason, pausedBy }: PausesData["pauses"][number]): string =>
    pausedBy === null ? reason : `${reason} (${pausedBy.displayName})`;
  return (
    <For each={props.pauses.data?.pauses}>
      {(pause) => (
        <Notice
          tone="timed-out"
          title={pause.project === null ? t("pauses.everything") : t("pauses.project", pause.project.name)}
          text={textOf(pause)}
        >
          <ChangeButton class="button" onClick={() => void resume(pause.project?.slug ?? null)}>
            {t("pauses.resume")}
          </ChangeButton>
        </Notice>
      )}
    </For>
  );
}
