/** Everything the palette can lead to or do: pages, what the server knows, and what the keys of the open page do. */
import { useNavigate } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { type Accessor, type Component, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import type { RunState } from "../../schema/states.ts";
import { createRunRequests } from "../containers/run_requests.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { faultMessage } from "../graphql/refusals.ts";
import { languages } from "../i18n/language.ts";
import { PALETTE_KEYS } from "../lib/palette_switch.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { themeChoices } from "../lib/theme_choice.ts";
import { formatRelative } from "../lib/time.ts";
import { shellPages } from "../shell/pages.ts";
import { SIGN_IN_PATH } from "../sign_in/return_address.ts";
import {
  BoxesIcon,
  type IconProps,
  LanguagesIcon,
  LogOutIcon,
  MonitorIcon,
  PlayIcon,
  PlusIcon,
} from "../ui/icons.ts";
import { PaletteDocument } from "./palette_documents.ts";
import type { PaletteItem } from "./palette_state.ts";

/** So long must nothing be typed before the server is asked. */
const PAUSE_MS = 120;
/** Keys that mean a step on the page, not something to do. */
const steps: readonly string[] = ["j", "k", PALETTE_KEYS];

export interface PaletteEntry extends PaletteItem {
  readonly icon?: Component<IconProps>;
  readonly state?: RunState;
  readonly hint?: string;
  readonly keys?: string;
  /** It changes something: disabled, with the reason, for those with read-only access. */
  readonly changes?: boolean;
  readonly run: () => void;
}

export interface PaletteSource {
  readonly entries: Accessor<readonly PaletteEntry[]>;
  readonly asking: Accessor<boolean>;
  readonly fault: Accessor<string | null>;
}

type Found = ResultOf<typeof PaletteDocument>;

export function createPaletteSource(typed: Accessor<string>, shown: Accessor<boolean>): PaletteSource {
  const client = useClient();
  const [found, setFound] = createSignal<Found>();
  const [asking, setAsking] = createSignal(false);
  const [fault, setFault] = createSignal<string | null>(null);
  const name = createMemo(() => typed().trim());
  createEffect(() => {
    if (!shown()) return;
    const variables = { name: name() };
    let subscription: { readonly unsubscribe: () => void } | undefined;
    setAsking(true);
    const timer = setTimeout(() => {
      subscription = client.query(PaletteDocument, variables, { requestPolicy: "cache-and-network" })
        .subscribe(({ data, error, stale }) => {
          setAsking(stale);
          setFault(error === undefined ? null : faultMessage(error));
          if (data !== undefined && data !== null) setFound(() => data);
        });
    }, variables.name === "" ? 0 : PAUSE_MS);
    onCleanup(() => {
      clearTimeout(timer);
      subscription?.unsubscribe();
    });
  });
  const pages = createPageEntries();
  const actions = createActionEntries();
  const fromServer = createFoundEntries(found);
  return {
    entries: createMemo(() => shown() ? [...pages(), ...fromServer(), ...actions()] : []),
    asking,
    fault,
  };
}

function createPageEntries(): Accessor<readonly PaletteEntry[]> {
  const t = useTexts();
  const navigate = useNavigate();
  return () =>
    shellPages.map((page) => ({
      id: `page ${page.path}`,
      group: "pages",
      label: page.name(t),
      icon: page.icon,
      keys: `g ${page.key}`,
      run: () => navigate(page.path),
    }));
}

function createFoundEntries(found: Accessor<Found | undefined>): Accessor<readonly PaletteEntry[]> {
  const { ticker, texts } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const requests = createRunRequests();
  const runNow = async (id: string): Promise<void> => {
    const run = await requests.request(id);
    if (run !== null) navigate(`/runs/${encodeURIComponent(run.id)}`);
  };
  return () => {
    const containers = found()?.containers.edges.map(({ node }) => node) ?? [];
    const runs = found()?.runs.edges.map(({ node }) => node) ?? [];
    return [
      ...containers.map(({ id, name }): PaletteEntry => ({
        id: `container ${id}`,
        group: "containers",
        label: name,
        icon: BoxesIcon,
        found: true,
        run: () => navigate(`/containers/${encodeURIComponent(id)}`),
      })),
      ...runs.map((run): PaletteEntry => ({
        id: `run ${run.id}`,
        group: "runs",
        label: run.containerName,
        words: t(`states.${run.state}`),
        state: run.state,
        hint: `${t(`states.${run.state}`)}, ${formatRelative(run.createdAt, ticker.now(), texts.language())}`,
        run: () => navigate(`/runs/${encodeURIComponent(run.id)}`),
      })),
      ...containers.map(({ id, name }): PaletteEntry => ({
        id: `start ${id}`,
        group: "actions",
        label: t("containers.runNow", name),
        icon: PlayIcon,
        changes: true,
        run: () => void runNow(id),
      })),
    ];
  };
}

/** What the keys of the open page do, then what can be done anywhere. */
function createActionEntries(): Accessor<readonly PaletteEntry[]> {
  const { keyboard, session, texts, theme } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const leave = async (): Promise<void> => {
    await session.signOut();
    navigate(SIGN_IN_PATH);
  };
  const action = (
    id: string,
    label: string,
    icon: Component<IconProps>,
    run: () => void,
    words = "",
  ): PaletteEntry => ({
    id: `action ${id}`,
    group: "actions",
    label,
    icon,
    words,
    run,
  });
  return () => {
    const bound = new Map(keyboard.bindings().map((binding) => [binding.keys, binding]));
    return [
      ...[...bound.values()].filter(({ keys }) => !keys.startsWith("g ") && !steps.includes(keys))
        .map((binding): PaletteEntry => ({
          id: `key ${binding.keys}`,
          group: "actions",
          label: binding.meaning(),
          keys: binding.keys,
          changes: binding.changes === true,
          run: () => binding.run(new KeyboardEvent("keydown")),
        })),
      // The page of containers has a key for it.
      ...([...bound.values()].some((binding) => binding.meaning() === t("containers.create")) ? [] : [{
        ...action("create", t("containers.create"), PlusIcon, () => navigate("/containers?new=1")),
        changes: true,
      }]),
      ...themeChoices.map((choice) =>
        action(
          `theme ${choice}`,
          `${t("shell.theme")}: ${t(`themes.${choice}`)}`,
          MonitorIcon,
          () => theme.choose(choice),
        )
      ),
      ...languages.map(({ code, name }) =>
        action(
          `language ${code}`,
          `${t("shell.language")}: ${name}`,
          LanguagesIcon,
          () => void texts.speak(code),
          "language 语言",
        )
      ),
      action("leave", t("shell.signOut"), LogOutIcon, () => void leave()),
    ];
  };
}
