import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { type Component, For, type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { useServices } from "../lib/services.ts";
import type { IconProps } from "./icons.ts";

export interface MenuEntry {
  readonly label: string;
  readonly icon?: Component<IconProps>;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** It changes something: disabled, with the reason, for those with read-only access. */
  readonly changes?: boolean;
  readonly checked?: boolean;
  readonly run: () => void;
}

export interface MenuGroup {
  readonly label?: string;
  readonly entries: readonly MenuEntry[];
}

/** A button that opens a list of things to do. */
export function Menu(props: {
  readonly label: string;
  readonly class?: string;
  readonly trigger: JSX.Element;
  readonly groups: readonly MenuGroup[];
}): JSX.Element {
  return (
    <DropdownMenu placement="bottom-end" gutter={6}>
      <DropdownMenu.Trigger
        class={props.class ?? "button quiet icon"}
        aria-label={props.label}
        title={props.label}
      >
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu" ref={chooseByHand}>
          <For each={props.groups}>
            {(group, index) => (
              <>
                <Show when={index() > 0}>
                  <DropdownMenu.Separator class="menu-line" />
                </Show>
                <DropdownMenu.Group>
                  <Show when={group.label}>
                    <DropdownMenu.GroupLabel class="menu-label">{group.label}</DropdownMenu.GroupLabel>
                  </Show>
                  <For each={group.entries}>{(entry) => <Entry entry={entry} />}</For>
                </DropdownMenu.Group>
              </>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}

/**
 * The press that opens a menu chooses from it only after it was led onto it: where a narrow page moves beneath a pointer
 * that stands still, letting go is no choice.
 */
function chooseByHand(menu: HTMLElement): void {
  let led = false;
  const lead = (event: PointerEvent): void => {
    led ||= event.type === "pointerdown" || event.movementX !== 0 || event.movementY !== 0;
  };
  menu.addEventListener("pointerdown", lead, true);
  menu.addEventListener("pointermove", lead, true);
  menu.addEventListener("pointerup", (event) => !led && event.stopPropagation(), true);
}

function Entry(props: { readonly entry: MenuEntry }): JSX.Element {
  const { readOnly } = useServices();
  const barred = (): string | undefined => props.entry.changes ? readOnly() : undefined;
  return (
    <DropdownMenu.Item
      class="menu-item"
      classList={{ danger: props.entry.danger ?? false }}
      disabled={props.entry.disabled === true || barred() !== undefined}
      title={barred()}
      onSelect={() => props.entry.run()}
    >
      <Show when={props.entry.icon}>{(icon) => <Dynamic component={icon()} />}</Show>
      {props.entry.label}
      <Show when={props.entry.checked}>
        <span class="spread" />
        <span aria-hidden="true">•</span>
        <span class="unseen">✓</span>
      </Show>
    </DropdownMenu.Item>
  );
}
