/** What a run is given, and when it starts: asked before it is made. */
import { useClient } from "@urql/solid";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Parameter, ParameterValues } from "../../schema/definition/parameter.ts";
import { readOutcome, type Refusal, refusalReason, refusedField } from "../graphql/refusals.ts";
import { useTexts } from "../lib/services.ts";
import { ownTimezone } from "../lib/time.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/faces.tsx";
import { Field, type FieldTies } from "../ui/Field.tsx";
import { Select } from "../ui/Select.tsx";
import { TriggerRunDocument } from "./containers_documents.ts";
import type { RunRowData } from "./containers_state.ts";
import { kindOf, textOf, valueOf } from "./parameter_draft.ts";

interface RunDialogProps {
  readonly container: {
    readonly id: string;
    readonly name: string;
    readonly parameters: readonly Parameter[];
  };
  /** Of an earlier run; null = the defaults. */
  readonly values: ParameterValues | null;
  readonly close: () => void;
  readonly started: (run: RunRowData) => void;
}

export function RunDialog(props: RunDialogProps & { readonly open: boolean }): JSX.Element {
  const t = useTexts();
  return (
    <Dialog open={props.open} title={t("runForm.title", props.container.name)} close={props.close}>
      <RunForm {...props} />
    </Dialog>
  );
}

function RunForm(props: RunDialogProps): JSX.Element {
  const client = useClient();
  const t = useTexts();
  const [texts, setTexts] = createSignal<Readonly<Record<string, string>>>(
    Object.fromEntries<string>(
      props.container.parameters.map(({ name, schema }) => [
        name,
        textOf(props.values?.[name] ?? schema.default),
      ]),
    ),
  );
  const [startAt, setStartAt] = createSignal("");
  const [asked, setAsked] = createSignal(false);
  const [refused, setRefused] = createSignal<Refusal | null>(null);
  const errorAt = (path: string): string | undefined => {
    const refusal = refused();
    return refusal !== null && refusedField(refusal) === path ? refusalReason(refusal.message) : undefined;
  };
  const placed = (): boolean => {
    const refusal = refused();
    const path = refusal === null ? null : refusedField(refusal);
    return path === "startAt" ||
      props.container.parameters.some(({ name }) => path === `parameters.${name}`);
  };
  const start = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (asked()) return;
    setAsked(true);
    const result = await client.mutation(TriggerRunDocument, {
      containerId: props.container.id,
      // JSON takes any values; its type here is that of an environment.
      parameters: valuesOf(props.container.parameters, texts()) as Readonly<Record<string, string>>,
      startAt: startAt() === "" ? null : new Date(startAt()).toISOString(),
    });
    setAsked(false);
    const outcome = readOutcome(result, result.data?.triggerRun);
    setRefused(outcome.kind === "refused" ? outcome.refusal : null);
    if (outcome.kind === "refused") return;
    props.close();
    props.started(outcome.value);
  };
  return (
    <form class="form" onSubmit={(event) => void start(event)}>
      <For each={props.container.parameters}>
        {(parameter) => (
          <Field
            label={`${parameter.title ?? parameter.name}${parameter.required ? " *" : ""}`}
            hint={parameter.description || undefined}
            error={errorAt(`parameters.${parameter.name}`)}
          >
            {(ties) => (
              <ValueField
                parameter={parameter}
                ties={ties}
                value={texts()[parameter.name] ?? ""}
                change={(value) => setTexts((old) => ({ ...old, [parameter.name]: value }))}
              />
            )}
          </Field>
        )}
      </For>
      <Field
        label={t("runForm.startAt")}
        hint={t("runForm.startAtHint", ownTimezone())}
        error={errorAt("startAt")}
      >
        {(ties) => (
          <input
            {...ties}
            class="input"
            type="datetime-local"
            value={startAt()}
            onInput={(event) => setStartAt(event.currentTarget.value)}
          />
        )}
      </Field>
      <Show when={!placed() && refused()}>
        {(refusal) => <Notice tone="failed" title={refusalReason(refusal().message)} />}
      </Show>
      <div class="form-actions end">
        <button type="button" class="button" onClick={() => props.close()}>{t("common.cancel")}</button>
        <ChangeButton type="submit" class="button primary" disabled={asked()}>
          {startAt() === "" ? t("container.run") : t("runForm.later")}
        </ChangeButton>
      </div>
    </form>
  );
}

function ValueField(props: {
  readonly parameter: Parameter;
  readonly ties: FieldTies;
  readonly value: string;
  readonly change: (value: string) => void;
}): JSX.Element {
  const kind = kindOf(props.parameter.schema);
  if (kind === "choice" || kind === "switch") {
    const options = kind === "switch" ? ["true", "false"] : (props.parameter.schema.enum ?? []).map(textOf);
    return (
      <Select
        ties={props.ties}
        value={props.value}
        options={["", ...options]}
        nameOf={(option) => option === "" ? "–" : option}
        change={props.change}
      />
    );
  }
  if (kind === "text" || kind === "other") {
    return (
      <textarea
        {...props.ties}
        class="textarea mono"
        rows={Math.min(6, props.value.split("\n").length)}
        spellcheck={false}
        value={props.value}
        onInput={(event) => props.change(event.currentTarget.value)}
      />
    );
  }
  return (
    <input
      {...props.ties}
      class="input"
      type={kind === "date" ? "date" : "text"}
      inputmode={kind === "date" ? undefined : "decimal"}
      value={props.value}
      onInput={(event) => props.change(event.currentTarget.value)}
    />
  );
}

/** A field left empty is not given: the default counts, or the server says that a value is needed. */
function valuesOf(
  parameters: readonly Parameter[],
  texts: Readonly<Record<string, string>>,
): ParameterValues {
  return Object.fromEntries(parameters.flatMap(({ name, schema }) => {
    const text = texts[name] ?? "";
    return text === "" ? [] : [[name, valueOf(kindOf(schema), text)]];
  }));
}
