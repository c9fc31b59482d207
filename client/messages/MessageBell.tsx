/** The bell in the header: how many messages are unread, and the newest of them in a drawer. */
import { Dialog } from "@kobalte/core/dialog";
import { createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Skeleton } from "../ui/faces.tsx";
import { BellIcon } from "../ui/icons.ts";
import { useInbox } from "./inbox.ts";
import "./bell.css";

/** More does not fit into the badge. */
const MAX_SHOWN = 99;

const MessageDrawer = lazy(() => import("./MessageDrawer.tsx"));

export function MessageBell(): JSX.Element {
  const t = useTexts();
  const inbox = useInbox();
  const [open, setOpen] = createSignal(false);
  const badge = (): string => inbox.unread() > MAX_SHOWN ? `${MAX_SHOWN}+` : String(inbox.unread());
  return (
    <Dialog open={open()} onOpenChange={setOpen}>
      <Dialog.Trigger
        class="button quiet icon bell"
        aria-label={t("inbox.open", inbox.unread())}
        title={t("inbox.open", inbox.unread())}
      >
        <BellIcon />
        <Show when={inbox.unread() > 0}>
          <span class="bell-count" aria-hidden="true">{badge()}</span>
        </Show>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay class="scrim" />
        <Dialog.Content class="drawer">
          <Suspense fallback={<Skeleton rows={6} />}>
            <MessageDrawer close={() => setOpen(false)} />
          </Suspense>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}
