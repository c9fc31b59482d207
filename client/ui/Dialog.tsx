import { Dialog as Kobalte } from "@kobalte/core/dialog";
import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { createFocusReturn } from "./focus_return.ts";
import { XIcon } from "./icons.ts";

/** What a dialog is opened for, or else the first thing that can be done in it. */
const FIELD = ".dialog-body :is(input, textarea, select):not(:disabled, [tabindex='-1'])";
const BUTTON = "button:not(:disabled), a[href]";

/** A question that the page waits for. Focus stays inside and goes back where it came from. */
export function Dialog(props: {
  readonly open: boolean;
  readonly title: string;
  readonly wide?: boolean;
  /** Class of the ground behind a question that cannot be put away. */
  readonly over?: string;
  readonly close: () => void;
  readonly children: JSX.Element;
}): JSX.Element {
  const t = useTexts();
  const focus = createFocusReturn(document);
  return (
    <Kobalte open={props.open} onOpenChange={(open) => !open && props.close()}>
      <Kobalte.Portal>
        <Kobalte.Overlay class={`scrim ${props.over ?? ""}`} />
        <div class="dialog-place">
          <Kobalte.Content
            class="dialog"
            classList={{ wide: props.wide ?? false }}
            onOpenAutoFocus={(event) => {
              focus.opened();
              enterAtOnce(event);
            }}
            onCloseAutoFocus={focus.closed}
          >
            <div class="dialog-head">
              <Kobalte.Title>{props.title}</Kobalte.Title>
              <Show when={props.over === undefined}>
                <Kobalte.CloseButton class="button quiet icon" aria-label={t("common.close")}>
                  <XIcon />
                </Kobalte.CloseButton>
              </Show>
            </div>
            <div class="dialog-body">{props.children}</div>
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte>
  );
}

/**
 * Kobalte would do it by a timer, and what somebody types until then would be lost, or go half into the field that they
 * have chosen meanwhile. Not before the dialog is known for one: a dialog below it would take the focus for lost.
 */
function enterAtOnce(event: Event): void {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  event.preventDefault();
  queueMicrotask(() => {
    if (!target.isConnected || target.contains(document.activeElement)) return;
    const first = target.querySelector<HTMLElement>(FIELD) ?? target.querySelector<HTMLElement>(BUTTON);
    (first ?? target).focus({ preventScroll: true });
  });
}
