/** What a refused sign-in or change of password says to the person in front of it. */
import type { Refusal } from "../graphql/refusals.ts";
import type { Translate } from "../i18n/i18n.ts";

/** The server's minimum is the server's; this only spares a way there and back. */
export const PASSWORD_CHARACTERS = 8;

export function signInFault(refusal: Refusal, t: Translate): string {
  if (refusal.code === "UNAUTHENTICATED") return t("signIn.wrong");
  if (refusal.code === "LIMIT_EXCEEDED" && refusal.retryAfterSeconds) {
    return t("signIn.limited", Math.ceil(refusal.retryAfterSeconds));
  }
  return refusal.message;
}

/** Which field of the change of password a refusal belongs to; null when to none. */
export function passwordField(refusal: Refusal): "currentPassword" | "newPassword" | null {
  const field = refusal.path?.at(-1);
  if (field === "currentPassword" || field === "newPassword") return field;
  return refusal.code === "UNAUTHENTICATED" ? "currentPassword" : null;
}
