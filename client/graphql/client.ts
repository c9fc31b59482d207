/** The client for queries and mutations: same origin, session cookie, and the header that no foreign page can send. */
import {
  cacheExchange,
  type Client,
  createClient,
  type Exchange,
  fetchExchange,
  mapExchange,
} from "@urql/core";

const GRAPHQL_URL = "/graphql";
/** One answer to one question: streams have a connection of their own. */
const ANSWER_TYPES = "application/graphql-response+json, application/json";
export const requestHeaders: Readonly<Record<string, string>> = { "x-orrery-csrf": "1" };

/** `ended` is called when the server no longer knows who asks. */
export function openClient(ended: () => void): Client {
  return openWith(ended, [cacheExchange, fetchExchange]);
}

/** For what is read piece by piece and held by its reader: a cache would hold all of it once more. */
export function openUncachedClient(ended: () => void): Client {
  return openWith(ended, [fetchExchange]);
}

function openWith(ended: () => void, exchanges: readonly Exchange[]): Client {
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
      ...exchanges,
    ],
  });
}
