/**
 * Refusals and faults in the language of the page. They are said again where answers come in, so that whoever shows one
 * shows it in that language.
 */
import { CombinedError, type Exchange, mapExchange, type OperationResult } from "@urql/core";
import type { Dictionary } from "../i18n/en.ts";
import type { ToldRefusal } from "../i18n/refusals/words.ts";

/** `words` waits for the language that was chosen. */
export function sayingExchange(words: () => Promise<Dictionary>): Exchange {
  return mapExchange({
    onResult: (result) => {
      if (result.error === undefined && !Object.values(membersOf(result.data)).some(isRefusal)) return;
      return words().then((words) => sayResult(result, words));
    },
  });
}

export function sayResult(result: OperationResult, words: Dictionary): OperationResult {
  const { data, error } = result;
  return {
    ...result,
    data: data === undefined || data === null ? data : sayRefusals(data, words),
    ...(error === undefined ? {} : { error: sayFault(error, words) }),
  };
}

/** A result union's answer is a field of the root. */
function sayRefusals(data: object, words: Dictionary): object {
  const said = Object.entries(membersOf(data)).flatMap(([field, member]) =>
    isRefusal(member) ? [[field, { ...member, message: words.refusals.message(member) }] as const] : []
  );
  return said.length === 0 ? data : { ...data, ...Object.fromEntries(said) };
}

function sayFault(
  { networkError, graphQLErrors, response }: CombinedError,
  words: Dictionary,
): CombinedError {
  if (networkError !== undefined) {
    // The browser's own word for a server that it did not reach, which says no more than that.
    const said = networkError instanceof TypeError
      ? words.faults.unreachable
      : words.faults.unanswered(networkError.message);
    return new CombinedError({ networkError: new Error(said, { cause: networkError }), response });
  }
  const said = graphQLErrors.map(({ message, path, extensions }) => ({
    message: words.refusals.message({ message, ...extensions }),
    ...(path === undefined ? {} : { path }),
    extensions,
  }));
  return new CombinedError({ graphQLErrors: said, response });
}

function membersOf(data: unknown): object {
  return typeof data === "object" && data !== null ? data : {};
}

function isRefusal(member: unknown): member is ToldRefusal {
  return typeof member === "object" && member !== null && "code" in member && "messageKey" in member &&
    "message" in member && typeof member.message === "string";
}
