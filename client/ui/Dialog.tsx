import { Dialog as Kobalte } from "@kobalte/core/dialog";
import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { createFocusReturn } from "./focus_return.ts";
import { XIcon } from "./icons.ts";

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
            onOpenAutoFocus={focus.opened}
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
