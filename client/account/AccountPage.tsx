/** One's own place: who one is here, how the console looks and speaks, the password, and tokens for scripts. */
import { For, type JSX } from "solid-js";
import { languages } from "../i18n/language.ts";
import { titled } from "../lib/page_title.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { themeChoices } from "../lib/theme_choice.ts";
import { PasswordForm } from "../sign_in/PasswordForm.tsx";
import { ApiTokens } from "./ApiTokens.tsx";
import "./account.css";

export default function AccountPage(): JSX.Element {
  const { session } = useServices();
  const t = useTexts();
  titled(() => [{ label: t("account.title") }]);
  const who = session.viewer;
  return (
    <div class="page account">
      <header class="page-head">
        <h1>{t("account.title")}</h1>
      </header>
      <section class="account-part" aria-labelledby="account-who">
        <h2 id="account-who">{t("account.who")}</h2>
        <p>
          <strong>{who()?.displayName || who()?.username}</strong>{" "}
          <span class="muted">
            {who()?.username}, {who()?.admin ? t("account.admin") : t("account.reader")}
          </span>
        </p>
      </section>
      <Looks />
      <section class="account-part" aria-labelledby="account-password">
        <h2 id="account-password">{t("password.title")}</h2>
        <div class="account-narrow">
          <PasswordForm done={() => {}} />
        </div>
      </section>
      <ApiTokens />
    </div>
  );
}

function Looks(): JSX.Element {
  const { texts, theme } = useServices();
  const t = useTexts();
  return (
    <section class="account-part account-looks" aria-labelledby="account-looks">
      <h2 id="account-looks">{t("account.looks")}</h2>
      <div class="field">
        <span class="field-label" id="account-theme">{t("shell.theme")}</span>
        <div class="segments" role="group" aria-labelledby="account-theme">
          <For each={themeChoices}>
            {(choice) => (
              <button
                type="button"
                class="segment"
                aria-pressed={theme.choice() === choice}
                onClick={() => theme.choose(choice)}
              >
                {t(`themes.${choice}`)}
              </button>
            )}
          </For>
        </div>
      </div>
      <div class="field">
        <span class="field-label" id="account-language">{t("shell.language")}</span>
        <div class="segments" role="group" aria-labelledby="account-language">
          <For each={languages}>
            {({ code, name }) => (
              <button
                type="button"
                class="segment"
                lang={code}
                aria-pressed={texts.language() === code}
                onClick={() => void texts.speak(code)}
              >
                {name}
              </button>
            )}
          </For>
        </div>
      </div>
    </section>
  );
}
