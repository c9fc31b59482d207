/** What differs, for people: by colour, by sign and by word. */
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { containerFields } from "../../schema/definition/container.ts";
import { taskFields } from "../../schema/definition/task.ts";
import type { RelationCondition } from "../../schema/states.ts";
import { fieldName } from "../i18n/field_names.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { diffText, hasLines } from "../lib/line_diff.ts";
import {
  type ChangeKind,
  type FieldChange,
  type RelationChange,
  sameVersions,
  type TaskChange,
  type VersionDiff,
} from "./version_diff.ts";

const signs: { readonly [K in ChangeKind]: string } = { added: "+", removed: "−", changed: "~" };

export function DiffView(props: { readonly diff: VersionDiff }): JSX.Element {
  const t = useTexts();
  return (
    <Show when={!sameVersions(props.diff)} fallback={<p class="muted">{t("versions.same")}</p>}>
      <div class="diff">
        <Show when={props.diff.settings.length > 0}>
          <section class="sheet diff-part">
            <h3>{t("versions.settings")}</h3>
            <FieldChanges fields={props.diff.settings} of={containerFields} />
          </section>
        </Show>
        <For each={props.diff.tasks}>{(task) => <TaskPart change={task} />}</For>
        <Show when={props.diff.relations.length > 0}>
          <section class="sheet diff-part">
            <h3>{t("versions.relations")}</h3>
            <ul class="diff-relations">
              <For each={props.diff.relations}>{(relation) => <RelationLine change={relation} />}</For>
            </ul>
          </section>
        </Show>
      </div>
    </Show>
  );
}

function TaskPart(props: { readonly change: TaskChange }): JSX.Element {
  const t = useTexts();
  return (
    <section class="sheet diff-part" data-change={props.change.kind}>
      <h3>
        <span class="diff-sign" aria-hidden="true">{signs[props.change.kind]}</span>
        {props.change.name}
        <span class="chip">{t(`versions.${props.change.kind}`)}</span>
      </h3>
      <FieldChanges fields={props.change.fields} of={taskFields} />
    </section>
  );
}

function FieldChanges(
  props: { readonly fields: readonly FieldChange[]; readonly of: typeof containerFields | typeof taskFields },
): JSX.Element {
  const { texts } = useServices();
  return (
    <dl class="diff-fields">
      <For each={props.fields}>
        {(change) => (
          <div class="diff-field">
            <dt class="muted">{fieldName(texts.words(), change.field, props.of)}</dt>
            <dd>
              <Show
                when={change.field === "command" || hasLines(change.before, change.after)}
                fallback={<ShortChange change={change} />}
              >
                <Lines before={change.before} after={change.after} />
              </Show>
            </dd>
          </div>
        )}
      </For>
    </dl>
  );
}

function ShortChange(props: { readonly change: FieldChange }): JSX.Element {
  const t = useTexts();
  return (
    <span class="diff-short">
      <Show when={props.change.before} fallback={<span class="muted">{t("versions.empty")}</span>}>
        {(before) => <del>{before()}</del>}
      </Show>
      <span aria-hidden="true">→</span>
      <Show when={props.change.after} fallback={<span class="muted">{t("versions.empty")}</span>}>
        {(after) => <ins>{after()}</ins>}
      </Show>
    </span>
  );
}

function Lines(props: { readonly before: string; readonly after: string }): JSX.Element {
  const t = useTexts();
  return (
    <div class="diff-lines" role="group" tabindex="0" aria-label={t("versions.lines")}>
      <For each={diffText(props.before, props.after)}>
        {(row) => (
          <Switch>
            <Match when={row.kind === "gap" && row}>
              {(gap) => <div class="diff-gap muted">{t("versions.unchanged", gap().lines)}</div>}
            </Match>
            <Match when={row.kind !== "gap" && row}>
              {(line) => (
                <div class="diff-line" data-change={line().kind}>
                  <span class="diff-number" aria-hidden="true">{line().line}</span>
                  <span class="diff-sign" aria-hidden="true">
                    {line().kind === "added" ? "+" : line().kind === "removed" ? "−" : " "}
                  </span>
                  <LineText kind={line().kind} text={line().text} />
                </div>
              )}
            </Match>
          </Switch>
        )}
      </For>
    </div>
  );
}

/** Those who hear the page are told by the element what came and what went. */
function LineText(
  props: { readonly kind: "same" | "added" | "removed"; readonly text: string },
): JSX.Element {
  return (
    <Switch fallback={<code>{props.text}</code>}>
      <Match when={props.kind === "added"}>
        <ins>
          <code>{props.text}</code>
        </ins>
      </Match>
      <Match when={props.kind === "removed"}>
        <del>
          <code>{props.text}</code>
        </del>
      </Match>
    </Switch>
  );
}

function RelationLine(props: { readonly change: RelationChange }): JSX.Element {
  const t = useTexts();
  const word = (condition: RelationCondition | null): string =>
    condition === null ? "" : t(`conditions.${condition}`);
  return (
    <li data-change={props.change.kind}>
      <span class="diff-sign" aria-hidden="true">{signs[props.change.kind]}</span>
      <span class="unseen">{t(`versions.${props.change.kind}`)}</span>
      <span>
        {t("versions.waitsFor", props.change.downstream, props.change.upstream)}
        {" · "}
        <Show
          when={props.change.kind === "changed"}
          fallback={word(props.change.after ?? props.change.before)}
        >
          <del>{word(props.change.before)}</del> → <ins>{word(props.change.after)}</ins>
        </Show>
      </span>
    </li>
  );
}
