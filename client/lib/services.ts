/** What every component may ask for. Made once in main.tsx; nothing of it lives in a module. */
import { createContext, useContext } from "solid-js";
import type { Texts } from "../i18n/i18n.ts";
import type { Session } from "../sign_in/session.ts";
import type { Toasts } from "../ui/toasts.ts";
import type { Ticker } from "./clock.ts";
import type { Keyboard } from "./keys.ts";
import type { Memory } from "./storage.ts";
import type { ThemeSwitch } from "./theme.ts";

export interface Services {
  readonly clock: () => number;
  readonly keyboard: Keyboard;
  readonly memory: Memory;
  /**
   * Why whoever is signed in may change nothing, or start and stop nothing; undefined when they may. The server decides at
   * every call.
   */
  readonly readOnly: (need?: "run") => string | undefined;
  readonly session: Session;
  readonly texts: Texts;
  readonly theme: ThemeSwitch;
  readonly ticker: Ticker;
  readonly toasts: Toasts;
}

const ServicesContext = createContext<Services>();
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error("Services are used outside their provider");
  return services;
}

/** The translator; a name this short because every line of markup has it. */
export function useTexts(): Texts["t"] {
  return useServices().texts.t;
}
