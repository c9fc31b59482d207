import { createEffect, createSignal, type JSX, on, onCleanup } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { SearchIcon } from "./icons.ts";

/** Typing is followed by a search, but not every letter of it. */
const PAUSE_MS = 180;

/** A field that searches while one types. `/` leads to it, Escape empties and leaves it. */
export function SearchField(props: {
  readonly label: string;
  readonly value: string;
  readonly search: (text: string) => void;
}): JSX.Element {
  const { keyboard } = useServices();
  const t = useTexts();
  const [text, setText] = createSignal(props.value);
  let field: HTMLInputElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  createEffect(on(() => props.value, (value) => {
    if (document.activeElement !== field) setText(value);
  }));
  keyboard.bind([{ keys: "/", meaning: () => t("keys.search"), run: () => field?.focus() }]);
  const type = (value: string, pauseMs: number): void => {
    setText(value);
    clearTimeout(timer);
    timer = setTimeout(() => props.search(value.trim()), pauseMs);
  };
  return (
    <div class="search" role="search">
      <SearchIcon size={14} />
      <input
        ref={(element) => (field = element)}
        class="input"
        type="search"
        aria-label={props.label}
        placeholder={props.label}
        value={text()}
        onInput={(event) => type(event.currentTarget.value, PAUSE_MS)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          type("", 0);
          event.currentTarget.blur();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}
