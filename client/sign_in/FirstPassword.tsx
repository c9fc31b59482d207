import type { JSX } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { Mark } from "../ui/Mark.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import "./sign_in.css";

/** Stands before everything else while the password is one that the server made. */
export function FirstPassword(): JSX.Element {
  const { session } = useServices();
  const t = useTexts();
  return (
    <main class="sign-in">
      <section class="sign-in-card">
        <div class="sign-in-name">
          <Mark size={34} />
          <div>
            <h1>{t("password.first")}</h1>
            <p class="muted">{t("password.firstLead")}</p>
          </div>
        </div>
        <PasswordForm done={() => {}} />
        <button type="button" class="button quiet" onClick={() => void session.signOut()}>
          {t("shell.signOut")}
        </button>
      </section>
    </main>
  );
}
