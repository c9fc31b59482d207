/** The frame around every page: side bar, header, connection, keyboard. */
import { useNavigate } from "@solidjs/router";
import { createSignal, ErrorBoundary, type JSX, lazy, onCleanup, onMount, Show, Suspense } from "solid-js";
import { createLineOpener } from "../graphql/shared_line.ts";
import { openStreams, StreamsProvider } from "../graphql/streams.ts";
import { moveRowFocus } from "../lib/keys.ts";
import { createPageTitle, PageTitleProvider } from "../lib/page_title.ts";
import {
  createPaletteSwitch,
  PALETTE_KEYS,
  PaletteProvider,
  type PaletteSwitch,
} from "../lib/palette_switch.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { createInbox, InboxProvider } from "../messages/inbox.ts";
import { Skeleton } from "../ui/faces.tsx";
import { KeySheet } from "./KeySheet.tsx";
import { PageFault } from "./PageFault.tsx";
import { shellPages } from "./pages.ts";
import { createPauses, PauseNotices } from "./Pauses.tsx";
import { SideBar } from "./SideBar.tsx";
import { TopBar } from "./TopBar.tsx";

const fetchPalette = () => import("../palette/Palette.tsx");
const Palette = lazy(fetchPalette);
const PauseDialog = lazy(() => import("./PauseDialog.tsx"));

export default function Shell(props: { readonly children: JSX.Element }): JSX.Element {
  const { clock, memory, session } = useServices();
  const t = useTexts();
  const [collapsed, setCollapsed] = createSignal(memory.read("side") === "collapsed");
  const title = createPageTitle(document);
  const palette = createPaletteSwitch();
  const streams = openStreams({
    openLine: createLineOpener(session.viewer()?.id ?? ""),
    clock,
    random: Math.random,
    page: document,
    lost: () => void session.check(),
  });
  onCleanup(streams.close);
  const fold = (): void => {
    memory.write("side", collapsed() ? "wide" : "collapsed");
    setCollapsed(!collapsed());
  };
  return (
    <StreamsProvider value={streams}>
      <PageTitleProvider value={title}>
        <a class="skip-link" href="#content">{t("shell.skip")}</a>
        <InboxPlace>
          <div class="shell" data-collapsed={collapsed() ? "" : undefined}>
            <SideBar collapsed={collapsed()} fold={fold} />
            <PausePlace palette={palette}>
              <ErrorBoundary fallback={(fault: unknown, again) => <PageFault fault={fault} again={again} />}>
                <PaletteProvider value={palette}>
                  <Suspense fallback={<Skeleton rows={10} />}>{props.children}</Suspense>
                </PaletteProvider>
              </ErrorBoundary>
            </PausePlace>
          </div>
        </InboxPlace>
        <Keys palette={palette} />
      </PageTitleProvider>
    </StreamsProvider>
  );
}

/** The header has the switch, and every page shows what is paused. */
function PausePlace(
  props: { readonly palette: PaletteSwitch; readonly children: JSX.Element },
): JSX.Element {
  const pauses = createPauses();
  const [asking, setAsking] = createSignal(false);
  return (
    <>
      <TopBar palette={props.palette} pause={() => setAsking(true)} />
      <main class="main" id="content" tabindex="-1">
        <PauseNotices pauses={pauses} />
        {props.children}
      </main>
      <Suspense>
        <Show when={asking()}>
          <PauseDialog open close={() => setAsking(false)} paused={pauses.refetch} />
        </Show>
      </Suspense>
    </>
  );
}

/** One count of unread messages for the bell and for the pages. */
function InboxPlace(props: { readonly children: JSX.Element }): JSX.Element {
  return <InboxProvider value={createInbox()}>{props.children}</InboxProvider>;
}

function Keys(props: { readonly palette: PaletteSwitch }): JSX.Element {
  const { keyboard } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const [sheet, setSheet] = createSignal(false);
  // What is typed right after the keys that open it is meant for the palette: it has to be here by then. Where that
  // fails nothing is lost: it is fetched again when it is opened.
  onMount(() => void fetchPalette().catch(() => undefined));
  keyboard.bind([
    { keys: "j", meaning: () => t("keys.down"), run: () => moveRowFocus(document, 1) },
    { keys: "k", meaning: () => t("keys.up"), run: () => moveRowFocus(document, -1) },
    ...shellPages.map(({ key, path, goes }) => ({
      keys: `g ${key}`,
      meaning: () => goes(t),
      run: () => navigate(path),
    })),
    { keys: "?", meaning: () => t("keys.sheet"), run: () => setSheet(true) },
    { keys: PALETTE_KEYS, meaning: () => t("palette.open"), run: () => props.palette.open() },
  ]);
  return (
    <>
      <KeySheet open={sheet()} close={() => setSheet(false)} />
      <Suspense>
        <Show when={props.palette.wanted()}>
          <Palette palette={props.palette} />
        </Show>
      </Suspense>
    </>
  );
}
