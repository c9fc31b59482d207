/** The browser's own notification that a run has ended, for a page that nobody looks at. Asked for by a button, never unasked. */
import { type Accessor, createSignal } from "solid-js";
import type { Memory } from "../lib/storage.ts";

/**
 * - missing: this browser has none.
 * - off: nobody has asked for them here.
 * - denied: the browser refuses, until somebody changes its settings.
 * - on: they come.
 */
export type NoticeState = "missing" | "off" | "denied" | "on";

export interface EndNotices {
  readonly state: Accessor<NoticeState>;
  readonly toggle: () => Promise<void>;
  /** Tells when it is on and the page is out of sight: who looks at the page has seen it. */
  readonly tell: (title: string, text: string) => void;
}

export type NoticePermission = "default" | "denied" | "granted";

/** What is used of the browser's Notification. */
export interface NotificationApi {
  readonly permission: NoticePermission;
  requestPermission(): Promise<NoticePermission>;
  new (
    title: string,
    options: { readonly body: string; readonly tag: string },
  ): { onclick: ((event: Event) => unknown) | null };
}

const KEY = "run.notify";

export function createEndNotices(
  memory: Memory,
  page: { readonly hidden: boolean; readonly focus: () => void },
  api: NotificationApi | undefined,
): EndNotices {
  const read = (): NoticeState => {
    if (api === undefined) return "missing";
    if (api.permission === "denied") return "denied";
    return api.permission === "granted" && memory.read(KEY) === "on" ? "on" : "off";
  };
  const [state, setState] = createSignal(read());
  return {
    state,
    toggle: async () => {
      if (api === undefined) return;
      if (state() === "on") memory.write(KEY, "off");
      else if (await api.requestPermission() === "granted") memory.write(KEY, "on");
      setState(read());
    },
    tell: (title, text) => {
      if (api === undefined || state() !== "on" || !page.hidden) return;
      try {
        const notice = new api(title, { body: text, tag: title });
        notice.onclick = () => page.focus();
      } catch (error) {
        // Browsers of phones have the name but allow it to service workers only: as good as missing.
        if (!(error instanceof TypeError)) throw error;
        setState("missing");
      }
    },
  };
}
