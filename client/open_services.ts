/** The composition root of the page: the only place that knows the browser's clock, storage and language. */
import type { Client } from "@urql/core";
import { type Accessor, createSignal } from "solid-js";
import { openClient } from "./graphql/client.ts";
import { createTexts } from "./i18n/i18n.ts";
import { openTicker } from "./lib/clock.ts";
import { openKeyboard } from "./lib/keys.ts";
import type { Services } from "./lib/services.ts";
import { openMemory } from "./lib/storage.ts";
import { createTheme } from "./lib/theme.ts";
import { createSession, type Viewer } from "./sign_in/session.ts";
import { createToasts } from "./ui/toasts.ts";

/** Somewhere; the server decides at every call. */
function mayChange(viewer: Viewer | null): boolean {
  return viewer === null || viewer.admin || viewer.memberships.some(({ role }) => role !== "VIEWER");
}

export interface Opened {
  readonly services: Services;
  /** A new one after every sign-out, so that no answer is shown to another person. */
  readonly client: Accessor<Client>;
}

export function openServices(): Opened {
  const clock = (): number => Date.now();
  const memory = openMemory(() => localStorage);
  const page = document.documentElement;
  const texts = createTexts(memory, page, navigator.languages);
  const makeClient = (): Client => openClient({ ended: () => session.ended(), words: texts.ready });
  const [client, setClient] = createSignal(makeClient());
  const session = createSession(client, () => setClient(() => makeClient()));
  const toasts = createToasts();
  const readOnly = (): string | undefined =>
    mayChange(session.viewer()) ? undefined : texts.t("common.readOnlyReason");
  return {
    client,
    services: {
      clock,
      keyboard: openKeyboard({ page: document, clock, readOnly, refuse: toasts.bad }),
      memory,
      readOnly,
      session,
      texts,
      theme: createTheme(memory, page, matchMedia("(prefers-color-scheme: dark)")),
      ticker: openTicker(clock, document),
      toasts,
    },
  };
}
