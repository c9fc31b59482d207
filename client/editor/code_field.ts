/** The one place that talks to CodeMirror: a field for shell scripts, in the page's own colours. Fetched when needed. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  StreamLanguage,
  syntaxHighlighting,
} from "@codemirror/language";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { createEffect, createRoot } from "solid-js";
import type { FieldTies } from "../ui/Field.tsx";
import type { ShellWarning } from "./shell_warnings.ts";

const INDENT = "  ";

export interface CodeFieldOptions {
  readonly place: HTMLElement;
  readonly ties: FieldTies;
  readonly label: string;
  readonly value: () => string;
  readonly readOnly: boolean;
  readonly warnings: () => readonly ShellWarning[];
  readonly words: (warning: ShellWarning) => string;
  readonly change: (value: string) => void;
  /** Where the cursor was in the field that it takes the place of; left out: somewhere else. */
  readonly cursor?: { readonly anchor: number; readonly head: number };
}

export interface CodeField {
  /** Selects a part of the text and goes there. */
  readonly show: (from: number, to: number) => void;
  readonly close: () => void;
}

/** What came from outside and must not be told there again. */
const fromOutside = Annotation.define<boolean>();

export function openCodeField(options: CodeFieldOptions): CodeField {
  const view = new EditorView({
    parent: options.place,
    state: EditorState.create({
      doc: options.value(),
      extensions: [
        EditorState.readOnly.of(options.readOnly),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        indentUnit.of(INDENT),
        EditorState.tabSize.of(4),
        // A carriage return is one of the things that are warned of: it must not be lost without a word.
        EditorState.lineSeparator.of("\n"),
        EditorView.lineWrapping,
        // It can be reached without saying so; a box that scrolls has to say so, too.
        EditorView.contentAttributes.of({ tabindex: "0" }),
        StreamLanguage.define(shell),
        syntaxHighlighting(classHighlighter),
        // Escape, then Tab, goes on to the next field; CodeMirror sees to that itself.
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          const outside = update.transactions.some((one) => one.annotation(fromOutside) === true);
          if (update.docChanged && !outside) options.change(update.state.doc.toString());
        }),
      ],
    }),
  });
  wearTies(view.contentDOM, options);
  if (options.cursor !== undefined) {
    view.dispatch({ selection: options.cursor });
    view.focus();
  }
  const stopFollowing = follow(view, options);
  return {
    show: (from, to) => {
      const end = view.state.doc.length;
      view.dispatch({
        selection: { anchor: Math.min(from, end), head: Math.min(to, end) },
        scrollIntoView: true,
      });
      view.focus();
    },
    close: () => {
      stopFollowing();
      view.destroy();
    },
  };
}

/** What the draft says from elsewhere, as an undo does, is taken over; the warnings are drawn beneath the text. */
function follow(view: EditorView, options: CodeFieldOptions): () => void {
  return createRoot((dispose) => {
    createEffect(() => {
      const value = options.value();
      const present = view.state.doc.toString();
      if (value !== present) {
        view.dispatch({
          changes: { from: 0, to: view.state.doc.length, insert: value },
          annotations: fromOutside.of(true),
        });
      }
    });
    createEffect(() => {
      const diagnostics = options.warnings().map((warning): Diagnostic => ({
        from: warning.from,
        to: warning.to,
        severity: "warning",
        message: options.words(warning),
      }));
      view.dispatch(setDiagnostics(view.state, diagnostics));
    });
    createEffect(() => wearTies(view.contentDOM, options));
    return dispose;
  });
}

/** It is the same field as before for those who hear the page. */
function wearTies(content: HTMLElement, { ties, label }: CodeFieldOptions): void {
  content.setAttribute("aria-label", label);
  content.setAttribute("aria-invalid", ties["aria-invalid"]);
  const described = ties["aria-describedby"];
  if (described === undefined) content.removeAttribute("aria-describedby");
  else content.setAttribute("aria-describedby", described);
  // A text that is being edited has no index of its own; where the field scrolls, it has to be seen to be reachable.
  content.setAttribute("tabindex", "0");
  content.setAttribute("spellcheck", "false");
  content.setAttribute("autocapitalize", "none");
}
