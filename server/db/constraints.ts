/** What the errors of the database mean. */

interface DatabaseError {
  readonly message: string;
  readonly code?: unknown;
  readonly "constraint_name"?: unknown;
}

const UNIQUE_VIOLATION = "23505";

/** The SQLSTATE of an error, through the wrappings of the query builder; null when it is not the database's. */
export function sqlState(error: unknown): string | null {
  const found = databaseError(error)?.code;
  return typeof found === "string" ? found : null;
}

/** True when the error is a second row under the unique key of this name. */
export function uniqueViolation(error: unknown, constraint: string): boolean {
  const found = databaseError(error);
  return found?.code === UNIQUE_VIOLATION && found.constraint_name === constraint;
}

/** Classes of SQLSTATE: the connection, resources such as the disk, and the operator, who stops or starts the server. */
const UNAVAILABLE_STATES = /^(?:08|53|57P)/;
/** Of the system and of the driver: nobody answers, or the connection was lost. */
const UNAVAILABLE_CODES =
  /^(?:CONNECTION_(?:CLOSED|DESTROYED|ENDED|LOST)|CONNECT_TIMEOUT|E(?:CONN\w+|PIPE|NOTFOUND|TIMEDOUT|(?:HOST|NET)UNREACH))$/;

/** True when the database cannot do anything now: the same call may succeed later. */
export function isUnavailable(error: unknown): boolean {
  return unavailableReason(error) !== null;
}

/** Why the database cannot do anything now, in its own words or those of the system; null for any other error. */
export function unavailableReason(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!("code" in cause) || typeof cause.code !== "string") continue;
    if (UNAVAILABLE_CODES.test(cause.code) || UNAVAILABLE_STATES.test(cause.code)) return cause.message;
  }
  return null;
}

/** Classes of SQLSTATE: data, constraints, check options, limits of the program, and what functions and triggers raise. */
const REJECTED_STATES = /^(?:2[23]|4[45]|54|P0)/;
const CHECK_VIOLATION = "23514";

/** Why the database will never accept these values, in its own words; null for any other error. */
export function rejectionReason(error: unknown): string | null {
  const found = databaseError(error);
  if (found === null || !REJECTED_STATES.test(String(found.code))) return null;
  // A missing partition has the code of a check but no constraint: it can be made.
  return found.code === CHECK_VIOLATION && found.constraint_name === undefined ? null : found.message;
}

/** An error as of a connection that was lost. */
export function connectionError(message: string): Error {
  return Object.assign(new Error(message), { code: "CONNECTION_LOST" });
}

function databaseError(error: unknown): DatabaseError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && /^[0-9A-Z]{5}$/.test(cause.code)) return cause;
  }
  return null;
}
