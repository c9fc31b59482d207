/** The console: who is signed in decides what is drawn, the address decides the rest. */
import { Navigate, Router, useIsRouting, useLocation, useSearchParams } from "@solidjs/router";
import { Provider } from "@urql/solid";
import {
  createEffect,
  ErrorBoundary,
  type JSX,
  lazy,
  Match,
  onMount,
  Show,
  Suspense,
  Switch,
} from "solid-js";
import { BASE_PATH } from "./lib/base_path.ts";
import { ServicesProvider, useServices } from "./lib/services.ts";
import { single } from "./lib/paging.ts";
import type { Opened } from "./open_services.ts";
import { routes } from "./routes.tsx";
import { PageFault } from "./shell/PageFault.tsx";
import { returnAddress, SIGN_IN_PATH, signInAddress } from "./sign_in/return_address.ts";
import { FirstPassword } from "./sign_in/FirstPassword.tsx";
import { LoadFault } from "./ui/faces.tsx";
import { Mark } from "./ui/Mark.tsx";
import { ToastList } from "./ui/ToastList.tsx";

const Shell = lazy(() => import("./shell/Shell.tsx"));
const SignInAgain = lazy(() => import("./sign_in/SignInAgain.tsx"));

export function App(props: Opened): JSX.Element {
  return (
    <ServicesProvider value={props.services}>
      <Show when={props.client()} keyed>
        {(client) => (
          <Provider value={client}>
            <Router base={BASE_PATH} root={Gate}>{routes}</Router>
          </Provider>
        )}
      </Show>
      <ToastList />
    </ServicesProvider>
  );
}

function Gate(props: { readonly children?: JSX.Element }): JSX.Element {
  const { session } = useServices();
  const routing = useIsRouting();
  createEffect(() => {
    // The router writes the console's root without the slash that many a proxy asks for at a reload.
    const { pathname, search, hash } = globalThis.location;
    if (!routing() && pathname === BASE_PATH) {
      history.replaceState(history.state, "", `${pathname}/${search}${hash}`);
    }
  });
  onMount(() => {
    if (session.state().kind === "unknown") void session.check();
  });
  const kind = (): string => session.state().kind;
  return (
    <Switch fallback={<Opening />}>
      <Match when={kind() === "unreachable"}>
        <main class="page">
          <Unreachable />
        </main>
      </Match>
      <Match when={kind() === "nobody"}>
        <Outside>{props.children}</Outside>
      </Match>
      <Match when={session.viewer() !== null}>
        <Inside>{props.children}</Inside>
        <Suspense>
          <Show when={kind() === "lapsed"}>
            <SignInAgain />
          </Show>
        </Suspense>
      </Match>
    </Switch>
  );
}

function Outside(props: { readonly children: JSX.Element }): JSX.Element {
  const location = useLocation();
  return (
    <Show
      when={location.pathname === BASE_PATH + SIGN_IN_PATH}
      fallback={
        <Navigate href={signInAddress(location.pathname.slice(BASE_PATH.length) + location.search)} />
      }
    >
      <Suspense fallback={<Opening />}>{props.children}</Suspense>
    </Show>
  );
}

function Inside(props: { readonly children: JSX.Element }): JSX.Element {
  const { session } = useServices();
  const location = useLocation();
  const [search] = useSearchParams<{ from?: string }>();
  const mustChange = (): boolean => session.viewer()?.passwordChangeRequired ?? false;
  return (
    <Show when={!mustChange()} fallback={<FirstPassword />}>
      <Show
        when={location.pathname !== BASE_PATH + SIGN_IN_PATH}
        fallback={<Navigate href={returnAddress(single(search.from))} />}
      >
        <ErrorBoundary fallback={(fault: unknown, again) => <PageFault fault={fault} again={again} />}>
          <Suspense fallback={<Opening />}>
            <Shell>{props.children}</Shell>
          </Suspense>
        </ErrorBoundary>
      </Show>
    </Show>
  );
}

function Unreachable(): JSX.Element {
  const { session } = useServices();
  const message = (): string => {
    const state = session.state();
    return state.kind === "unreachable" ? state.message : "";
  };
  return <LoadFault message={message()} retry={() => void session.check()} />;
}

function Opening(): JSX.Element {
  return (
    <div class="opening">
      <Mark size={44} turning />
    </div>
  );
}
