import { A, useNavigate } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { useStreams } from "../graphql/streams.ts";
import { languages } from "../i18n/language.ts";
import { usePageTitle } from "../lib/page_title.ts";
import { PALETTE_KEYS, type PaletteSwitch } from "../lib/palette_switch.ts";
import { useServices, useTexts } from "../lib/services.ts";
import type { Tone } from "../lib/states.ts";
import { formatLocal } from "../lib/time.ts";
import { MessageBell } from "../messages/MessageBell.tsx";
import { SIGN_IN_PATH } from "../sign_in/return_address.ts";
import { LogOutIcon, PauseIcon, SearchIcon, UserIcon } from "../ui/icons.ts";
import { Key } from "../ui/Key.tsx";
import { Menu } from "../ui/Menu.tsx";
import { ThemeMenu } from "../ui/ThemeMenu.tsx";
import { shellPages } from "./pages.ts";

export function TopBar(
  props: { readonly palette: PaletteSwitch; readonly pause: () => void },
): JSX.Element {
  const title = usePageTitle();
  const { readOnly } = useServices();
  const t = useTexts();
  return (
    <header class="top">
      <div class="top-title">
        {/* A list has its name as its heading already. */}
        <For each={title.crumbs().length > 1 ? title.crumbs() : []}>
          {(crumb, index) => (
            <>
              <Show when={index() > 0}>
                <span class="muted" aria-hidden="true">/</span>
              </Show>
              <Show when={crumb.href} fallback={<span class="truncate">{crumb.label}</span>}>
                {(href) => <A class="truncate" href={href()}>{crumb.label}</A>}
              </Show>
            </>
          )}
        </For>
      </div>
      <button
        type="button"
        class="button quiet top-search"
        title={t("palette.open")}
        onClick={() => props.palette.open()}
      >
        <SearchIcon size={15} />
        <span class="unseen">{t("palette.open")}</span>
        <Key keys={PALETTE_KEYS} />
      </button>
      <Show when={readOnly()}>
        {(reason) => <span class="chip top-access" title={reason()}>{t("common.readOnly")}</span>}
      </Show>
      <LinkDot />
      <MessageBell />
      <ThemeMenu />
      <UserMenu pause={props.pause} />
    </header>
  );
}

/** Whether what is on the page is live; if not, since when. */
function LinkDot(): JSX.Element {
  const { link } = useStreams();
  const { ticker, texts } = useServices();
  const t = useTexts();
  const tones = { live: "succeeded", connecting: "queued", down: "failed", paused: "skipped" } as const;
  const tone = (): Tone => tones[link().state];
  const text = (): string => {
    const { state, since } = link();
    if (state !== "down") return t(`link.${state}`);
    return t("link.down", formatLocal(new Date(since).toISOString(), ticker.now(), texts.language()));
  };
  return (
    <span
      class="link-dot"
      role="status"
      data-tone={tone()}
      data-state={link().state}
      title={link().state === "down" ? t("link.downHint") : text()}
    >
      <span class="link-word">{text()}</span>
      <Show when={link().state === "live"}>
        <span class="unseen">{text()}</span>
      </Show>
    </span>
  );
}

function UserMenu(props: { readonly pause: () => void }): JSX.Element {
  const { readOnly, session, texts } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const name = (): string => session.viewer()?.displayName || session.viewer()?.username || "";
  const signOut = async (): Promise<void> => {
    await session.signOut();
    navigate(SIGN_IN_PATH);
  };
  return (
    <Menu
      label={t("shell.menu", { name: name() })}
      trigger={<UserIcon />}
      groups={[
        {
          label: readOnly() === undefined ? name() : `${name()} · ${t("common.readOnly")}`,
          entries: [
            { label: t("account.title"), icon: UserIcon, run: () => navigate("/account") },
            ...shellPages.filter(({ wide }) => wide).map(({ path, name, icon }) => ({
              label: name(t),
              icon,
              run: () => navigate(path),
            })),
          ],
        },
        {
          entries: [{ label: t("pauses.open"), icon: PauseIcon, changes: true, run: () => props.pause() }],
        },
        {
          label: t("shell.language"),
          entries: languages.map(({ code, name }) => ({
            label: name,
            checked: texts.language() === code,
            run: () => void texts.speak(code),
          })),
        },
        { entries: [{ label: t("shell.signOut"), icon: LogOutIcon, run: () => void signOut() }] },
      ]}
    />
  );
}
