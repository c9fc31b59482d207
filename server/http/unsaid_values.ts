/**
 * What GraphQL's own errors say, without the values that they quote: a password of a wrong type, or a whole definition,
 * has no place in an answer that somebody logs. Which field it is and what is wrong with it stay.
 */
import type { GraphQLError } from "graphql";

const MESSAGE_CHARACTERS = 500;
/** A word that an enum does not have is worth saying, unless it is no word. */
const WORD_CHARACTERS = 40;

/** From here on a message quotes what was sent. */
const quotes: readonly RegExp[] = [
  /(?<=cannot represent [^:]*): .*$/s,
  /(?:[,;.] | )found:? .*$/is,
  / has invalid value .*$/s,
];
/** A reader who lost its way names what it met; only texts can be anything. */
const metText = /((?:Block)?String) ".*$/s;
const invalidVariable = /^(Variable "\$\w+" got invalid value) (.*)$/s;
const placeAtEnd = / at "[\w.[\]]+"$/;
const unknownWord = /^Value "(.*)" does not exist in/s;

/** `ours` are messages that the API wrote itself, which say no more than they should. */
export function messageWithoutValues({ message, originalError }: GraphQLError, ours: boolean): string {
  const [, beginning, rest = ""] = invalidVariable.exec(message) ?? [];
  if (beginning === undefined) return ours ? message : cut(withoutQuotes(message));
  const reason = originalError?.message ?? "";
  // What was sent can itself look like a place or a reason: both are read from the end.
  if (reason === "" || !rest.endsWith(`; ${reason}`)) return beginning;
  const place = placeAtEnd.exec(rest.slice(0, -`; ${reason}`.length))?.[0] ?? "";
  return cut(`${beginning}${place}; ${withoutQuotes(reason)}`);
}

function withoutQuotes(message: string): string {
  if (message.startsWith("Syntax Error: ")) return message.replace(metText, "$1");
  const word = unknownWord.exec(message)?.[1] ?? "";
  const short = word.length > WORD_CHARACTERS
    ? message.replace(unknownWord, "The value does not exist in")
    : message;
  return quotes.reduce((said, quote) => said.replace(quote, ""), short);
}

function cut(message: string): string {
  return message.length > MESSAGE_CHARACTERS ? `${message.slice(0, MESSAGE_CHARACTERS)}...` : message;
}
