/** Which attempts of a task are shown: all in one, one alone, or two beside each other. The address names them. */

export interface ShownAttempts {
  /** Null = all. */
  readonly attempt: number | null;
  /** The one beside it; null = none. */
  readonly beside: number | null;
}

export type Side = "first" | "second";

/** As the address says it: one beside another needs both. */
export function readShownAttempts(attempt: string | undefined, beside: string | undefined): ShownAttempts {
  const first = readNumber(attempt);
  return { attempt: first, beside: first === null ? null : readNumber(beside) };
}

/** The two that are compared to begin with, the older first: what is shown and the one before it. */
export function firstPair(attempt: number | null, count: number): ShownAttempts {
  const later = Math.max(2, attempt ?? count);
  return { attempt: later - 1, beside: later };
}

/** Shows another attempt on one side; the one that the other side shows changes places with it. */
export function chooseAttempt(shown: ShownAttempts, side: Side, number: number | null): ShownAttempts {
  const { attempt, beside } = shown;
  if (beside === null || number === null) return { attempt: number, beside: null };
  if (side === "first") return { attempt: number, beside: number === beside ? attempt : beside };
  return { attempt: number === attempt ? beside : attempt, beside: number };
}

function readNumber(text: string | undefined): number | null {
  const number = Number(text ?? "");
  return Number.isInteger(number) && number > 0 ? number : null;
}
