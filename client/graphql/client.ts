/** The client for queries and mutations: same origin, session cookie, and the header that no foreign page can send. */
import { cacheExchange, type Client, createClient, fetchExchange, mapExchange } from "@urql/core";

const GRAPHQL_URL = "/graphql";
/** One answer to one question: streams have a connection of their own. */
const ANSWER_TYPES = "application/graphql-response+json, application/json";
export const requestHeaders: Readonly<Record<string, string>> = { "x-orrery-csrf": "1" };

/** `ended` is called when the server no longer knows who asks. */
export function openClient(ended: () => void): Client {
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
      cacheExchange,
      fetchExchange,
    ],
  });
}
