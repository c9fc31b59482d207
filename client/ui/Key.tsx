import type { JSX } from "solid-js";

/** A key as it is called on this machine. */
export function Key(props: { readonly keys: string }): JSX.Element {
  const mac = /mac|iphone|ipad/i.test(navigator.userAgent);
  const text = (): string =>
    props.keys.replace(/^Mod\+(.)$/, (_all, key: string) => `${mac ? "⌘" : "Ctrl "}${key.toUpperCase()}`);
  return <kbd>{text()}</kbd>;
}
