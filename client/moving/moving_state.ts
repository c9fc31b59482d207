/** Decisions of the import page. */
import type { Dictionary } from "../i18n/en.ts";

interface Message {
  readonly key: unknown;
  readonly values: unknown;
}

/** A message of the server in the language of the page. */
export function sayMessage(words: Dictionary, message: unknown, text: string): string {
  if (typeof message !== "object" || message === null || !("key" in message)) return text;
  const { key, values } = message as Message;
  return words.refusals.message({ messageKey: key, messageValues: values, message: text });
}

/** What only one of the two has of its next fires. */
export function firesApart(
  here: readonly string[],
  cron: readonly string[],
): { readonly onlyHere: readonly string[]; readonly onlyCron: readonly string[] } {
  return {
    onlyHere: here.filter((at) => !cron.includes(at)),
    onlyCron: cron.filter((at) => !here.includes(at)),
  };
}

/** Users that jobs of the system mostly have. */
const SYSTEM_USERS = ["root", "www-data", "nobody", "daemon", "postgres", "mysql", "munin"];

/** A first guess, which can be changed: the files of the system have a user behind the time fields. */
export function kindOf(source: string, text: string): "SYSTEM" | "USER" {
  if (source.startsWith("/etc/") || /^#.*\buser(?:-name)?\b.*\bcommand\b/m.test(text)) return "SYSTEM";
  const sixth = [...text.matchAll(/^\s*(?:@\w+|(?:[\d*]\S*|[a-z]{3})(?:\s+\S+){4})\s+(\S+)/gm)].map((
    [, word],
  ) => word);
  return sixth.some((word) => SYSTEM_USERS.includes(word ?? "")) ? "SYSTEM" : "USER";
}
