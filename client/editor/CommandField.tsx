/**
 * Where a command is written. A plain field at once; when the editor has been fetched it takes the field's place, with
 * what was typed meanwhile, the focus and the cursor. Warnings stand below either.
 */
import { createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import type { FieldTies } from "../ui/Field.tsx";
import { TriangleAlertIcon } from "../ui/icons.ts";
import type { CodeField } from "./code_field.ts";
import { findShellWarnings, type ShellWarning } from "./shell_warnings.ts";
import "./editor.css";

const FEWEST_LINES = 2;
const MAX_LINES = 18;

export function CommandField(props: {
  readonly ties: FieldTies;
  readonly label: string;
  readonly value: string;
  /** Path of the shell that reads it. */
  readonly shell: string;
  readonly change: (command: string) => void;
}): JSX.Element {
  let plain: HTMLTextAreaElement | undefined;
  let place: HTMLDivElement | undefined;
  const { readOnly } = useServices();
  const t = useTexts();
  const [code, setCode] = createSignal<CodeField | null>(null);
  const warnings = createMemo(() => findShellWarnings(props.value, props.shell));
  const lines = (): number => Math.min(MAX_LINES, Math.max(FEWEST_LINES, props.value.split("\n").length));
  let gone = false;
  onCleanup(() => {
    gone = true;
    code()?.close();
  });
  onMount(async () => {
    const { openCodeField } = await import("./code_field.ts");
    if (gone || place === undefined || plain === undefined) return;
    const focused = document.activeElement === plain;
    const cursor = { anchor: plain.selectionStart, head: plain.selectionEnd };
    setCode(openCodeField({
      place,
      ties: props.ties,
      label: props.label,
      value: () => props.value,
      readOnly: readOnly() !== undefined,
      warnings,
      words: (warning) => t(`shellWarnings.${warning.rule}`),
      change: props.change,
      ...(focused ? { cursor } : {}),
    }));
  });

  return (
    <div class="command">
      <div ref={(element) => (place = element)} class="command-code" hidden={code() === null} />
      <Show when={code() === null}>
        <textarea
          {...props.ties}
          ref={(element) => (plain = element)}
          class="textarea mono"
          spellcheck={false}
          autocapitalize="none"
          rows={lines()}
          value={props.value}
          onInput={(event) => props.change(event.currentTarget.value)}
        />
      </Show>
      <Warnings
        warnings={warnings()}
        go={(warning) => code()?.show(warning.from, warning.to)}
      />
    </div>
  );
}

function Warnings(props: {
  readonly warnings: readonly ShellWarning[];
  readonly go: (warning: ShellWarning) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <ul class="command-warnings" aria-label={t("shellWarnings.label")} hidden={props.warnings.length === 0}>
      <For each={props.warnings}>
        {(warning) => (
          <li>
            <TriangleAlertIcon size={12} />
            <button
              type="button"
              class="command-line"
              onClick={() => props.go(warning)}
            >
              {t("shellWarnings.line", warning.line)}
            </button>
            <span>{t(`shellWarnings.${warning.rule}`)}</span>
          </li>
        )}
      </For>
    </ul>
  );
}
