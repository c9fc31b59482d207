/** What a request may ask for. */

/** A container of 10,000 tasks with short commands is some 5 MB. */
export const BODY_BYTES = 16 * 1024 * 1024;
/** Somebody who is not signed in has nothing to send but a sign-in. */
export const UNAUTHENTICATED_BODY_BYTES = 64 * 1024;
/** Of a request: a container of 10,000 tasks, each with all its fields, has some 300,000. */
export const JSON_VALUES = 500_000;
export const JSON_DEPTH = 64;
/** GraphiQL's introspection is not counted; the console's deepest query has 10 levels. */
export const DEPTH = 16;
/** Scripts that make many things in one call name each. */
export const ALIASES = 200;
/** Validation takes the square of the number of fields. A graph of thousands is sent in variables. */
export const TOKENS = 10_000;
/** Documents that are remembered as read and validated, and how long one may be to be remembered. */
export const REMEMBERED_DOCUMENTS = 200;
export const REMEMBERED_CHARACTERS = 8_000;
/** Streams that a credential has at once, both kinds together. */
export const STREAMS = 8;
/** Operations in one single-connection stream. */
export const STREAM_OPERATIONS = 100;
/** A stream that was reserved and not opened ends after this. */
export const RESERVATION_MS = 30_000;
/** A silent stream says this often that it is there: proxies cut what is silent. */
export const STREAM_PING_MS = 12_000;
