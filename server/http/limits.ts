/** What a request may ask for. */

/** A container of 10,000 tasks with short commands is some 5 MB. */
export const BODY_BYTES = 16 * 1024 * 1024;
/** A body that is too large is read on without being kept, up to here, so that its sender hears the answer. */
export const DISCARDED_BYTES = 64 * 1024 * 1024;
/** Containers, their tasks, their container: nobody needs to go deeper. Introspection is not counted. */
export const QUERY_DEPTH = 15;
export const QUERY_ALIASES = 50;
/** Characters of a document. */
export const DOCUMENT_CHARACTERS = 100_000;
/** Streams that a credential has at once, both kinds together. */
export const STREAMS = 8;
/** Operations in one single-connection stream. */
export const STREAM_OPERATIONS = 100;
/** A stream that was reserved and not opened ends after this. */
export const RESERVATION_MS = 30_000;
