/** Marks all that is shown as read, up to the newest of it. */
import type { JSX } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { CheckIcon } from "../ui/icons.ts";
import { useInbox } from "./inbox.ts";

export function MarkRead(
  props: { readonly newest: string | undefined; readonly quiet?: boolean },
): JSX.Element {
  const t = useTexts();
  const inbox = useInbox();
  return (
    <button
      type="button"
      class="button"
      classList={{ quiet: props.quiet ?? false }}
      disabled={inbox.unread() === 0 || props.newest === undefined}
      onClick={() => {
        if (props.newest !== undefined) void inbox.markRead(props.newest);
      }}
    >
      <CheckIcon />
      {t("inbox.markRead")}
    </button>
  );
}
