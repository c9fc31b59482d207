/** What the database says when it refuses a row. */

interface DatabaseError {
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

function databaseError(error: unknown): DatabaseError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && /^[0-9A-Z]{5}$/.test(cause.code)) return cause;
  }
  return null;
}
