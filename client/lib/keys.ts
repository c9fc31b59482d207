/** The keyboard: pages bind keys while they are open, the sheet behind `?` lists what is bound now. */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { idleKeys, type KeyState, pressKey } from "./keys_state.ts";

export interface KeyBinding {
  /** One key, two with a space between, or "Mod+" and a key: with Ctrl, on a Mac with Cmd. */
  readonly keys: string;
  /** What it does, as the sheet says it. */
  readonly meaning: () => string;
  /** It changes something: nothing for those with read-only access. */
  readonly changes?: boolean;
  readonly run: (event: KeyboardEvent) => void;
}

export interface Keyboard {
  readonly bindings: Accessor<readonly KeyBinding[]>;
  /** Binds until the owner that called it is disposed. The newest binding of a key wins. */
  readonly bind: (bindings: readonly KeyBinding[]) => void;
}

interface KeyboardPorts {
  readonly page: Document;
  readonly clock: () => number;
  /** Why nothing may be changed; undefined when it may. */
  readonly readOnly: () => string | undefined;
  readonly refuse: (reason: string) => void;
}

export function openKeyboard({ page, clock, readOnly, refuse }: KeyboardPorts): Keyboard {
  const [bindings, setBindings] = createSignal<readonly KeyBinding[]>([]);
  let state: KeyState = idleKeys;
  page.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || page.querySelector("[role=dialog],[role=menu]")) {
      return;
    }
    const step = pressKey(state, {
      key: event.key,
      command: event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey,
      modified: event.ctrlKey || event.metaKey || event.altKey,
      typing: takesText(event.target),
      at: clock(),
    }, new Set(bindings().map(({ keys }) => keys)));
    state = step.state;
    const binding = bindings().findLast(({ keys }) => keys === step.binding);
    if (binding === undefined) return;
    event.preventDefault();
    const reason = binding.changes ? readOnly() : undefined;
    if (reason === undefined) binding.run(event);
    else refuse(reason);
  });
  return {
    bindings,
    bind: (added) => {
      setBindings((present) => [...present, ...added]);
      onCleanup(() => setBindings((present) => present.filter((binding) => !added.includes(binding))));
    },
  };
}

/** Moves the focus to the next or previous row of the page; the first when none has it. */
export function moveRowFocus(page: Document, step: 1 | -1): void {
  const rows = [...page.querySelectorAll<HTMLElement>("[data-row]")];
  const place = rows.findIndex((row) => row.contains(page.activeElement) || row === page.activeElement);
  const next = rows[place === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, place + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable ||
    target.matches("input:not([type=checkbox]):not([type=radio]),textarea,select");
}
