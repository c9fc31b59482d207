/** Asks why everything, or a project, is to be paused. Fetched when it is opened. */
import { useClient } from "@urql/solid";
import { createSignal, type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { graphql } from "../graphql/tada.ts";
import { useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { ProjectSelect } from "../ui/ProjectSelect.tsx";

const PauseDocument = graphql(`
  mutation Pause($reason: String!, $project: String) {
    pause(reason: $reason, project: $project) {
      __typename
      ... on Pause { since }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export default function PauseDialog(props: {
  readonly open: boolean;
  readonly close: () => void;
  readonly paused: () => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <Dialog open={props.open} title={t("pauses.title")} close={props.close}>
      <PauseForm close={props.close} paused={props.paused} />
    </Dialog>
  );
}

function PauseForm(props: { readonly close: () => void; readonly paused: () => void }): JSX.Element {
  const client = useClient();
  const t = useTexts();
  const [reason, setReason] = createSignal("");
  const [project, setProject] = createSignal<string | null>(null);
  const [refused, setRefused] = createSignal<string>();
  const pause = async (event: Event): Promise<void> => {
    event.preventDefault();
    const result = await client.mutation(PauseDocument, { reason: reason(), project: project() });
    const outcome = readOutcome(result, result.data?.pause);
    if (outcome.kind === "refused") {
      setRefused(refusalReason(outcome.refusal.message));
      return;
    }
    props.paused();
    props.close();
  };
  return (
    <form class="form" onSubmit={(event) => void pause(event)}>
      <p>{t("pauses.text")}</p>
      <Show when={refused()}>{(why) => <Notice tone="failed" title={why()} />}</Show>
      <Field label={t("pauses.reason")}>
        {(ties) => (
          <input
            {...ties}
            class="input"
            autocomplete="off"
            maxlength={500}
            value={reason()}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </Field>
      <ProjectSelect project={project()} choose={setProject} />
      <div class="form-actions end">
        <button type="button" class="button" onClick={() => props.close()}>{t("common.cancel")}</button>
        <ChangeButton type="submit" class="button primary" disabled={reason().trim() === ""}>
          {t("pauses.pause")}
        </ChangeButton>
      </div>
    </form>
  );
}
