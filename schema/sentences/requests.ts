/** Requests that are refused before anything is carried out, and faults that are ours. */

const BEHIND_A_PROXY = "; behind a proxy, set ORRERY_PUBLIC_URL to the address that people use";

export const requestSentences = {
  INTERNAL: ({ id }: { readonly id: string }) => `Internal error ${id}; the server's log tells more`,
  UNAVAILABLE: () =>
    "The database is unavailable for a moment; try again, and look first whether a change was made already",
  METHOD_UNKNOWN: ({ allowed }: { readonly allowed: string }) => `Cannot take this method: send ${allowed}`,
  BODY_BROKEN: () => "Cannot read the request: its body broke off",
  BODY_NO_TEXT: () => "Cannot read the request: it is not UTF-8",
  BODY_TYPE: () => "Cannot read the request: send it as Content-Type: application/json",
  BODY_LONG: ({ limit }: { readonly limit: number }) =>
    `Cannot read the request: its body is longer than ${limit} bytes`,
  BODY_LONG_STRANGER: ({ limit }: { readonly limit: number }) =>
    `Cannot read the request: its body is longer than ${limit} bytes, sign in to send more`,
  BODY_NO_OBJECT: () => "Cannot read the request: its body is not one JSON object with a query",
  NO_JSON: (
    { what }: { readonly what: "its body" | "the parameter variables" | "the parameter extensions" },
  ) => `Cannot read the request: ${what} is not JSON`,
  REQUEST_LARGE: ({ most }: { readonly most: number }) =>
    `Cannot read the request: it has more than ${most} values`,
  REQUEST_DEEP: ({ most }: { readonly most: number }) =>
    `Cannot read the request: it is more than ${most} levels deep`,
  TEXT_UNSTORABLE: ({ field }: { readonly field: string }) =>
    `Cannot read the request: ${field} has NUL or half of a character in its text, which cannot be stored`,
  HOST_UNKNOWN: ({ host }: { readonly host: string }) =>
    `Cannot answer at the address "${host}": if it is this server's, set ORRERY_PUBLIC_URL (or url in [server]) to it`,
  COOKIE_ELSEWHERE: () => `Cannot take a request by cookie from a page of another origin${BEHIND_A_PROXY}`,
  OPERATION_NESTED: () => "Cannot read the operation: it is nested too deep",
  OPERATION_TOKENS: ({ most }: { readonly most: number }) =>
    `Cannot read the operation: it has more than ${most} tokens; send what it is about in variables`,
  OPERATION_DEEP: ({ most }: { readonly most: number }) =>
    `Cannot run the operation: it is deeper than ${most} levels`,
  OPERATION_ALIASES: ({ most }: { readonly most: number }) =>
    `Cannot run the operation: it has more than ${most} aliases`,
  OPERATION_COST: ({ cost, most }: { readonly cost: number; readonly most: number }) =>
    `Cannot run the operation: it costs ${cost}, the limit is ${most}; ask for smaller pages or fewer fields`,
  LINES_LARGE: ({ most }: { readonly most: number }) =>
    `Cannot read more lines in this operation: it has ${most} characters of them already; ask for the others in another`,
  SUBSCRIPTION_HEADER: () => "Cannot subscribe: ask for it with the header Accept: text/event-stream",
  TOKEN_IN_ADDRESS: () =>
    "Cannot use a token in the address for this: it is for subscriptions and downloads by GET, and for queries by GET with a token of the scope VIEW alone; send Authorization: Bearer",
  MUTATION_BY_GET: () => "Cannot change anything by GET: send the mutation by POST",
  MUTATION_ELSEWHERE: () => `Cannot change anything from a page of another origin${BEHIND_A_PROXY}`,
  MUTATION_UNPROVEN: ({ header }: { readonly header: string }) =>
    `Cannot change anything by cookie alone: send the header ${header}: 1 too, or Authorization: Bearer`,
  SCHEMA_STRANGER: () => "Cannot tell the schema: sign in first",
  DATE_TIME: ({ quoted }: { readonly quoted: string }) =>
    `Cannot read DateTime ${quoted}: an RFC 3339 instant with an offset is needed, such as "2026-01-31T08:00:00.000Z"`,
  JSON_LARGE: ({ most }: { readonly most: number }) => `Cannot read JSON: it has more than ${most} values`,
  JSON_DEEP: ({ most }: { readonly most: number }) => `Cannot read JSON: it is more than ${most} levels deep`,
} as const;

export const streamSentences = {
  TOO_MANY_STREAMS: ({ most, operations }: { readonly most: number; readonly operations: number }) =>
    `Cannot open another stream: ${most} are open with this token or session; close one, use another token, ` +
    `or subscribe up to ${operations} times over one stream at /graphql/stream`,
  STREAM_STRANGER: () => "Cannot use a stream: sign in first",
  STREAM_OPEN: () => "Cannot open the stream: it is open already",
  STREAM_UNKNOWN: () =>
    "Cannot use the stream: it has ended, is not yours or was never reserved; reserve one with PUT",
  OPERATION_UNNAMED: () => "Cannot run the operation: extensions.operationId has to name it",
  OPERATION_RUNS: ({ id }: { readonly id: string }) =>
    `Cannot run the operation: "${id}" runs in this stream already`,
  TOO_MANY_OPERATIONS: ({ most }: { readonly most: number }) =>
    `Cannot run the operation: ${most} run in this stream already; end one first, or reserve another stream`,
  ENDED_OPERATION_UNNAMED: () => "Cannot end an operation: the parameter operationId has to name it",
} as const;
