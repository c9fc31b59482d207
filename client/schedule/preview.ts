/** The server's reading of the expression that is being edited. There is one dialect, and the server knows it. */
import type { Accessor } from "solid-js";
import { createQuestion } from "../graphql/answer.ts";
import { faultMessage, refusalReason } from "../graphql/refusals.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { createPaused } from "../lib/paused.ts";
import { useServices } from "../lib/services.ts";
import { CronPreviewDocument } from "./schedule_documents.ts";
import type { ScheduleForm } from "./schedule_form.ts";

const PREVIEW_FIRES = 10;
const PREVIEW_PAUSE_MS = 150;

type Answer = ResultOf<typeof CronPreviewDocument>["cronPreview"];
export type CronPreview = Extract<Answer, { readonly __typename: "CronPreview" }>;
export type PreviewFire = CronPreview["times"][number];

export type Preview =
  | { readonly kind: "none" }
  | { readonly kind: "reading" }
  | { readonly kind: "fine"; readonly preview: CronPreview; readonly timezone: string }
  | { readonly kind: "refused"; readonly reason: string; readonly fault: PlacedFault | null }
  | { readonly kind: "failed"; readonly message: string };

/** Where in which text the fault lies. */
export interface PlacedFault {
  readonly expression: string;
  readonly offset: number;
  readonly length: number;
}

export function createPreview(form: ScheduleForm): Accessor<Preview> {
  const { texts } = useServices();
  const asked = createPaused(() => {
    const { expression, timezone, missing, repeated } = form.settings;
    return { expression, timezone, dst: { missing, repeated } };
  }, PREVIEW_PAUSE_MS);
  const question = createQuestion(CronPreviewDocument, () => {
    if (asked().expression.trim() === "" || asked().timezone === "") return null;
    return { ...asked(), count: PREVIEW_FIRES, language: texts.language() };
  });
  return () => {
    if (form.settings.expression.trim() === "") return { kind: "none" };
    const failure = question.error();
    if (failure !== undefined) return { kind: "failed", message: faultMessage(failure) };
    const answer = question.answer();
    return answer === undefined
      ? { kind: "reading" }
      : previewOf(answer.data.cronPreview, answer.variables.expression, answer.variables.timezone);
  };
}

function previewOf(answer: Answer, expression: string, timezone: string): Preview {
  if (answer.__typename === "CronPreview") return { kind: "fine", preview: answer, timezone };
  const reason = refusalReason(answer.message);
  if (answer.__typename !== "InvalidCronError") return { kind: "refused", reason, fault: null };
  const { offset, length } = answer;
  const fault = offset === null ? null : { expression, offset, length: length ?? 1 };
  return { kind: "refused", reason, fault };
}
