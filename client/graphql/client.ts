/** The client for queries and mutations: same origin, session cookie, and the header that no foreign page can send. */
import {
  cacheExchange,
  type Client,
  createClient,
  type Exchange,
  fetchExchange,
  mapExchange,
} from "@urql/core";
import type { Dictionary } from "../i18n/en.ts";
import { BASE_PATH } from "../lib/base_path.ts";
import { sayingExchange } from "./sayings.ts";

export const GRAPHQL_URL = `${BASE_PATH}/graphql`;
/** One answer to one question: streams have a connection of their own. */
const ANSWER_TYPES = "application/graphql-response+json, application/json";
export const requestHeaders: Readonly<Record<string, string>> = { "x-orrery-csrf": "1" };

export interface ClientParts {
  /** Called when the server no longer knows who asks. */
  readonly ended: () => void;
  /** What refusals are said with, once it is here. */
  readonly words: () => Promise<Dictionary>;
}

export function openClient(parts: ClientParts): Client {
  return openWith(parts, [cacheExchange, fetchExchange]);
}

/** For what is read piece by piece and held by its reader: a cache would hold all of it once more. */
export function openUncachedClient(parts: ClientParts): Client {
  return openWith(parts, [fetchExchange]);
}

function openWith({ ended, words }: ClientParts, exchanges: readonly Exchange[]): Client {
  return createClient({
    url: GRAPHQL_URL,
    preferGetMethod: false,
    fetchOptions: { credentials: "same-origin", headers: { ...requestHeaders, accept: ANSWER_TYPES } },
    exchanges: [
      mapExchange({
        onError: (error) => {
          if (error.graphQLErrors.some(({ extensions }) => extensions?.["code"] === "UNAUTHENTICATED")) {
            ended();
          }
        },
      }),
      sayingExchange(words),
      ...exchanges,
    ],
  });
}
