/** The expression as a text: what each of its fields is, what is allowed in the one at the caret, where a fault lies. */
import { createSignal, For, type JSX, Show } from "solid-js";
import { copyText } from "../lib/clipboard.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Changes } from "../ui/Changes.tsx";
import { Field } from "../ui/Field.tsx";
import { CopyIcon } from "../ui/icons.ts";
import { fieldAt, type FieldSpan, findFields, splitFault } from "./fields_state.ts";
import type { PlacedFault, Preview } from "./preview.ts";
import type { ScheduleForm } from "./schedule_form.ts";

export function ExpressionField(props: {
  readonly form: ScheduleForm;
  readonly preview: Preview;
}): JSX.Element {
  const t = useTexts();
  const [caret, setCaret] = createSignal<number | null>(null);
  let input: HTMLInputElement | undefined;
  const text = (): string => props.form.settings.expression;
  const spans = (): readonly FieldSpan[] => findFields(text());
  const current = (): FieldSpan | null => {
    const place = caret();
    return place === null ? null : fieldAt(spans(), place);
  };
  const readCaret = (): void => {
    setCaret(input?.selectionStart ?? null);
  };
  const fault = (): PlacedFault | null =>
    // The fault belongs to the text that was asked about; a newer text has its own answer in a moment.
    props.preview.kind === "refused" && props.preview.fault?.expression === text()
      ? props.preview.fault
      : null;
  const refused = (): string | undefined =>
    props.preview.kind === "refused" ? props.preview.reason : undefined;
  const showFault = ({ offset, length }: PlacedFault): void => {
    input?.focus();
    input?.setSelectionRange(offset, offset + length);
    readCaret();
  };
  const hint = (): string => {
    const field = current();
    return field === null ? t("schedule.expressionHint") : t(`fieldHints.${field.name}`);
  };
  return (
    <Field
      label={t("schedule.expression")}
      hint={hint()}
      error={props.form.fault("expression") ?? refused()}
    >
      {(ties) => (
        <>
          <div class="cron-line">
            <Changes>
              <input
                {...ties}
                ref={(element) => (input = element)}
                class="input mono"
                spellcheck={false}
                autocapitalize="none"
                autocomplete="off"
                placeholder="*/15 * * * *"
                value={text()}
                onInput={(event) => {
                  props.form.change({ expression: event.currentTarget.value }, "expression");
                  readCaret();
                }}
                onKeyUp={readCaret}
                onPointerUp={readCaret}
                onFocus={readCaret}
                onBlur={() => setCaret(null)}
              />
            </Changes>
            <CopyButton text={text()} />
          </div>
          <Show when={fault()} fallback={<FieldNames text={text()} spans={spans()} current={current()} />}>
            {(placed) => <FaultLine fault={placed()} show={() => showFault(placed())} />}
          </Show>
        </>
      )}
    </Field>
  );
}

function FieldNames(props: {
  readonly text: string;
  readonly spans: readonly FieldSpan[];
  readonly current: FieldSpan | null;
}): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.spans.length > 0}>
      <div class="cron-parts" aria-hidden="true">
        <For each={props.spans}>
          {(span) => (
            <span class="cron-part" classList={{ current: span.from === props.current?.from }}>
              <code>{props.text.slice(span.from, span.to)}</code>
              <span>{t(`fieldNames.${span.name}`)}</span>
            </span>
          )}
        </For>
      </div>
    </Show>
  );
}

/** The text with its fault marked; pressed, it selects the fault in the field. */
function FaultLine(props: { readonly fault: PlacedFault; readonly show: () => void }): JSX.Element {
  const t = useTexts();
  const pieces = (): ReturnType<typeof splitFault> =>
    splitFault(props.fault.expression, props.fault.offset, props.fault.length);
  return (
    <button
      type="button"
      class="cron-fault"
      title={t("schedule.goToFault")}
      onClick={() => props.show()}
    >
      <span class="unseen">{t("schedule.goToFault")}:</span>
      <code>
        {pieces().before}
        <mark>{pieces().fault}</mark>
        {pieces().after}
      </code>
    </button>
  );
}

function CopyButton(props: { readonly text: string }): JSX.Element {
  const { toasts } = useServices();
  const t = useTexts();
  const copy = async (): Promise<void> => {
    if (await copyText(props.text.trim())) toasts.good(t("schedule.copied"));
    else toasts.bad(t("schedule.notCopied"));
  };
  return (
    <button
      type="button"
      class="button icon"
      aria-label={t("schedule.copy")}
      title={t("schedule.copy")}
      disabled={props.text.trim() === ""}
      onClick={() => void copy()}
    >
      <CopyIcon />
    </button>
  );
}
