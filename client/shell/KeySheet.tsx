import { For, type JSX } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import type { KeyBinding } from "../lib/keys.ts";
import { Key } from "../ui/Key.tsx";
import { Dialog } from "../ui/Dialog.tsx";

/** Every key that means something on the page that is open. */
export function KeySheet(props: { readonly open: boolean; readonly close: () => void }): JSX.Element {
  const { keyboard, readOnly } = useServices();
  const t = useTexts();
  const bindings = (): readonly KeyBinding[] => {
    const newest = new Map(keyboard.bindings().map((binding) => [binding.keys, binding]));
    return [...newest.values()];
  };
  return (
    <Dialog open={props.open} title={t("keys.title")} wide close={props.close}>
      <dl class="key-sheet">
        <For each={bindings()}>
          {(binding) => (
            <div
              class="key-line"
              aria-disabled={binding.changes && readOnly() !== undefined}
              title={binding.changes ? readOnly() : undefined}
            >
              <dt>{binding.meaning()}</dt>
              <dd>
                <For each={binding.keys.split(" ")}>{(key) => <Key keys={key} />}</For>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  );
}
