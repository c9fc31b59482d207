/** Which new passwords are refused: those that are guessed first. */
import { InvalidInputError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { foldUserName } from "./user_names.ts";

const MIN_CHARACTERS = 8;
/** Hashing takes longer the longer a password is. */
export const MAX_PASSWORD_CHARACTERS = 1_000;
const MIN_DIFFERENT_CHARACTERS = 4;

export async function refuseWeak(
  password: string,
  current: string | null,
  username: string,
  action: Action,
): Promise<void> {
  const length = [...password].length;
  const why = length < MIN_CHARACTERS
    ? say("PASSWORD_SHORT", { least: MIN_CHARACTERS })
    : length > MAX_PASSWORD_CHARACTERS
    ? say("PASSWORD_LONG", { most: MAX_PASSWORD_CHARACTERS })
    : password === current
    ? say("PASSWORD_PRESENT")
    : foldUserName(password) === foldUserName(username)
    ? say("PASSWORD_IS_NAME")
    : await isCommon(password)
    ? say("PASSWORD_COMMON")
    : null;
  if (why !== null) throw new InvalidInputError(say("PASSWORD_WEAK", { action, why }), ["newPassword"]);
}

/** Also with figures and signs around it, or for letters that look like them. */
export async function isCommon(given: string): Promise<boolean> {
  const password = given.toLowerCase();
  if (new Set(password).size < MIN_DIFFERENT_CHARACTERS || isSequence(password)) return true;
  // Loaded when a password is set, which is seldom: it takes a few megabytes of memory.
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const common: ReadonlySet<string> = new Set(dictionary["passwords-common"]);
  const core = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const forms = 2 * core.length < password.length ? [password] : [password, core];
  return forms.flatMap((form) => [form, plain(form)]).some((form) => common.has(form));
}

function isSequence(password: string): boolean {
  const steps = [...password].map((character, at) => character.charCodeAt(0) - password.charCodeAt(at - 1))
    .slice(1);
  return steps.every((step) => step === 1 || step === -9) || steps.every((step) => step === -1 || step === 9);
}

/** p@$$w0rd -> password */
function plain(text: string): string {
  const letters: Readonly<Record<string, string>> = {
    "@": "a",
    "4": "a",
    "3": "e",
    "1": "i",
    "!": "i",
    "0": "o",
    "$": "s",
    "5": "s",
  };
  return text.replace(/[@431!0$5]/g, (sign) => letters[sign] ?? sign);
}
