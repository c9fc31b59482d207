/** Ctrl/Cmd-K: from anywhere to any page, container or run, and to whatever can be done. */
import { Dialog as Kobalte } from "@kobalte/core/dialog";
import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, on, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { PaletteSwitch } from "../lib/palette_switch.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { createFocusReturn } from "../ui/focus_return.ts";
import { Key } from "../ui/Key.tsx";
import { SearchIcon } from "../ui/icons.ts";
import { StateIcon } from "../ui/State.tsx";
import { createPaletteSource, type PaletteEntry } from "./palette_items.ts";
import {
  markedParts,
  type PaletteGroup,
  paletteGroups,
  type RankedItem,
  rankItems,
  stepPlace,
} from "./palette_state.ts";
import "./palette.css";

type Ranked = RankedItem<PaletteEntry>;

export default function Palette(props: { readonly palette: PaletteSwitch }): JSX.Element {
  const t = useTexts();
  const [typed, setTyped] = createSignal("");
  const focus = createFocusReturn(document);
  let field: HTMLInputElement | undefined;
  createEffect(on(() => props.palette.shown(), (shown) => shown && setTyped("")));
  return (
    <Kobalte open={props.palette.shown()} onOpenChange={(open) => !open && props.palette.close()}>
      <Kobalte.Portal>
        <Kobalte.Overlay class="scrim" />
        <div class="dialog-place palette-place">
          <Kobalte.Content
            class="dialog palette"
            aria-label={t("palette.title")}
            onCloseAutoFocus={focus.closed}
            onOpenAutoFocus={(event) => {
              focus.opened();
              // At once: the dialog would do it by a timer, and what is typed until then would be lost.
              event.preventDefault();
              field?.focus();
            }}
          >
            <PaletteBox
              typed={typed()}
              setTyped={setTyped}
              field={(element) => field = element}
              close={props.palette.close}
            />
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte>
  );
}

function PaletteBox(props: {
  readonly typed: string;
  readonly setTyped: (text: string) => void;
  readonly field: (element: HTMLInputElement) => void;
  readonly close: () => void;
}): JSX.Element {
  const { readOnly } = useServices();
  const t = useTexts();
  const listId = createUniqueId();
  const source = createPaletteSource(() => props.typed, () => true);
  const ranked = createMemo(() => rankItems(source.entries(), props.typed));
  const [place, setPlace] = createSignal(0);
  createEffect(on(() => props.typed, () => setPlace(0)));
  const chosen = (): number => Math.min(place(), ranked().length - 1);
  const optionId = (index: number): string => `${listId}-${index}`;
  const choose = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined || (entry.changes && readOnly() !== undefined)) return;
    props.close();
    // After the dialog has given the focus back: what comes may want it.
    setTimeout(() => entry.run());
  };
  const move = (step: number): void => {
    setPlace(stepPlace(chosen(), step, ranked().length));
    document.getElementById(optionId(chosen()))?.scrollIntoView({ block: "nearest" });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") choose(ranked()[chosen()]?.item);
    else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) props.close();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div class="palette-field">
        <SearchIcon size={16} />
        <input
          ref={props.field}
          class="palette-input"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={chosen() >= 0 ? optionId(chosen()) : undefined}
          aria-label={t("palette.title")}
          placeholder={t("palette.placeholder")}
          autocomplete="off"
          spellcheck={false}
          value={props.typed}
          onInput={(event) => props.setTyped(event.currentTarget.value)}
          onKeyDown={press}
        />
        <Key keys="Esc" />
      </div>
      <ul class="palette-list" id={listId} role="listbox" aria-label={t("palette.title")}>
        <For each={paletteGroups}>
          {(group) => (
            <PaletteSection
              group={group}
              ranked={ranked()}
              chosen={chosen()}
              optionId={optionId}
              point={setPlace}
              choose={choose}
            />
          )}
        </For>
      </ul>
      <Show when={ranked().length === 0}>
        <p class="palette-none muted" role="status">
          {source.asking() ? t("common.loading") : t("palette.none", props.typed)}
        </p>
      </Show>
      <Show when={source.fault()}>{(message) => <p class="palette-none" role="alert">{message()}</p>}</Show>
    </>
  );
}

function PaletteSection(props: {
  readonly group: PaletteGroup;
  readonly ranked: readonly Ranked[];
  readonly chosen: number;
  readonly optionId: (index: number) => string;
  readonly point: (index: number) => void;
  readonly choose: (entry: PaletteEntry) => void;
}): JSX.Element {
  const { readOnly } = useServices();
  const t = useTexts();
  const barred = ({ changes }: PaletteEntry): string | undefined => changes ? readOnly() : undefined;
  const own = createMemo(() =>
    props.ranked.map((ranked, index) => ({ ranked, index }))
      .filter(({ ranked }) => ranked.item.group === props.group)
  );
  return (
    <Show when={own().length > 0}>
      <li role="presentation">
        <ul role="group" aria-label={t(`palette.${props.group}`)}>
          <li class="palette-group muted small" role="presentation">{t(`palette.${props.group}`)}</li>
          <For each={own()}>
            {({ ranked, index }) => (
              <li
                id={props.optionId(index)}
                class="palette-option"
                role="option"
                aria-selected={props.chosen === index}
                aria-disabled={barred(ranked.item) !== undefined}
                title={barred(ranked.item)}
                onPointerMove={() => props.point(index)}
                onClick={() => props.choose(ranked.item)}
              >
                <PaletteLine ranked={ranked} />
              </li>
            )}
          </For>
        </ul>
      </li>
    </Show>
  );
}

function PaletteLine(props: { readonly ranked: Ranked }): JSX.Element {
  const item = (): PaletteEntry => props.ranked.item;
  return (
    <>
      <span class="palette-icon">
        <Show when={item().state} fallback={<Dynamic component={item().icon} size={15} />}>
          {(state) => <StateIcon state={state()} still />}
        </Show>
      </span>
      <span class="palette-label truncate">
        <For each={markedParts(item().label, props.ranked.marks)}>
          {(part) => (
            <Show when={part.marked} fallback={part.text}>
              <mark>{part.text}</mark>
            </Show>
          )}
        </For>
      </span>
      <Show when={item().hint}>{(hint) => <span class="muted small">{hint()}</span>}</Show>
      <Show when={item().keys}>
        {(keys) => (
          <span class="palette-keys">
            <For each={keys().split(" ")}>{(key) => <Key keys={key} />}</For>
          </span>
        )}
      </Show>
    </>
  );
}
