/** The frame around every page: side bar, header, connection, keyboard. */
import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, createSignal, ErrorBoundary, type JSX, on, onCleanup, Suspense } from "solid-js";
import { requestHeaders } from "../graphql/client.ts";
import { openStreams, StreamsProvider } from "../graphql/streams.ts";
import { moveRowFocus } from "../lib/keys.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { LoadFault, Skeleton } from "../ui/faces.tsx";
import { createInbox, InboxProvider } from "../messages/inbox.ts";
import { KeySheet } from "./KeySheet.tsx";
import { createPageTitle, PageTitleProvider } from "./page_title.ts";
import { SideBar } from "./SideBar.tsx";
import { TopBar } from "./TopBar.tsx";

export function Shell(props: { readonly children: JSX.Element }): JSX.Element {
  const { clock, memory, session } = useServices();
  const t = useTexts();
  const [collapsed, setCollapsed] = createSignal(memory.read("side") === "collapsed");
  const title = createPageTitle(document);
  const streams = openStreams({
    headers: requestHeaders,
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
            <TopBar />
            <main class="main" id="content" tabindex="-1">
              <ErrorBoundary fallback={(fault: unknown, again) => <PageFault fault={fault} again={again} />}>
                <Suspense fallback={<Skeleton rows={10} />}>{props.children}</Suspense>
              </ErrorBoundary>
            </main>
          </div>
        </InboxPlace>
        <Keys />
      </PageTitleProvider>
    </StreamsProvider>
  );
}

/** One count of unread messages for the bell and for the pages. */
function InboxPlace(props: { readonly children: JSX.Element }): JSX.Element {
  return <InboxProvider value={createInbox()}>{props.children}</InboxProvider>;
}

/** A page that could not be fetched (the server is away, or was updated) or that broke: said, with a way on. */
function PageFault(props: { readonly fault: unknown; readonly again: () => void }): JSX.Element {
  const message = (): string => props.fault instanceof Error ? props.fault.message : String(props.fault);
  const location = useLocation();
  createEffect(on(() => location.pathname, () => props.again(), { defer: true }));
  return (
    <div class="page">
      <LoadFault message={message()} retry={() => globalThis.location.reload()} />
    </div>
  );
}

function Keys(): JSX.Element {
  const { keyboard } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const [sheet, setSheet] = createSignal(false);
  keyboard.bind([
    { keys: "j", meaning: () => t("keys.down"), run: () => moveRowFocus(document, 1) },
    { keys: "k", meaning: () => t("keys.up"), run: () => moveRowFocus(document, -1) },
    { keys: "g o", meaning: () => t("keys.overview"), run: () => navigate("/") },
    { keys: "g c", meaning: () => t("keys.containers"), run: () => navigate("/containers") },
    { keys: "g r", meaning: () => t("keys.runs"), run: () => navigate("/runs") },
    { keys: "g h", meaning: () => t("keys.hosts"), run: () => navigate("/hosts") },
    { keys: "g m", meaning: () => t("keys.inbox"), run: () => navigate("/messages") },
    { keys: "?", meaning: () => t("keys.sheet"), run: () => setSheet(true) },
  ]);
  return <KeySheet open={sheet()} close={() => setSheet(false)} />;
}
