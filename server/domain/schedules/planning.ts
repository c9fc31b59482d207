/** When a schedule fires: its expression read, its next instants found, both remembered. */
import { LRUCache } from "lru-cache";
import type { ClockChange } from "../../../schema/definition/field.ts";
import type { MissingTime, RepeatedTime } from "../../../schema/states.ts";
import { type Expression, readExpression } from "../rules/cron.ts";
import { nextFires } from "../rules/cron_fires.ts";
import { describeExpression, type Language } from "../rules/cron_words.ts";

/** Expressions, instants and words that are remembered. */
const MAX_REMEMBERED = 1_000;
const FIRST_REACH_MS = 1_000;
const REACH_GROWTH = 4;

/** As much of a schedule's row as says when it fires. */
export interface PlannedSchedule {
  readonly containerId: number;
  readonly expression: string;
  readonly timezone: string;
  readonly missingTime: MissingTime;
  readonly repeatedTime: RepeatedTime;
  readonly anchorAt: Date;
}

/** The first instant after the given one that is not recorded already; null when there never is one. */
export function planNextFire(
  schedule: PlannedSchedule,
  after: Date,
  recorded: ReadonlySet<number> = new Set(),
): Date | null {
  let next = comingFires(schedule, after, 1)[0] ?? null;
  while (next !== null && recorded.has(next.getTime())) next = comingFires(schedule, next, 1)[0] ?? null;
  return next;
}

/** The first instants after the given one; fewer than `count` when there are no more. */
export function comingFires(schedule: PlannedSchedule, after: Date, count: number): readonly Date[] {
  const expression = expressionOf(schedule);
  const shared = sharedKey(expression, schedule);
  const known = shared === null ? undefined : firesByKey.get(shared);
  if (known !== undefined && known.after <= after) {
    const left = known.fires.filter((fire) => fire > after);
    // All that were found may be over, and then nothing is known of what comes next.
    if (left.length >= count || known.all) return left.slice(0, count);
  }
  const fires = nextFires(expression, { ...schedule, dst: clockChangeOf(schedule), from: after, count });
  if (shared !== null) firesByKey.set(shared, { after, fires, all: fires.length < count });
  return fires;
}

/** The instants from the first to the last, both included, but not more than the limit. */
export function dueInstants(
  schedule: PlannedSchedule,
  first: Date,
  last: Date,
  limit: number,
): readonly Date[] {
  const from = new Date(first.getTime() - 1);
  const query = { ...schedule, dst: clockChangeOf(schedule), from, until: last, count: limit };
  return nextFires(expressionOf(schedule), query);
}

/** The last instant from the first to the last, both included; null when there is none. */
export function latestInstant(schedule: PlannedSchedule, first: Date, last: Date): Date | null {
  // Looked for backwards in steps that grow, so that few instants are found in vain.
  for (let reachMs = FIRST_REACH_MS;; reachMs *= REACH_GROWTH) {
    const from = new Date(Math.max(first.getTime(), last.getTime() - reachMs));
    const found = dueInstants(schedule, from, last, Infinity).at(-1);
    if (found !== undefined) return found;
    if (from.getTime() <= first.getTime()) return null;
  }
}

export function clockChangeOf(
  { missingTime, repeatedTime }: Pick<PlannedSchedule, "missingTime" | "repeatedTime">,
): ClockChange {
  return { missing: missingTime, repeated: repeatedTime };
}

/** The expression in words; those of one with an `H` are each container's own. */
export function describeSchedule(
  schedule: Pick<PlannedSchedule, "containerId" | "expression">,
  language: Language,
): string {
  const key = `${language} ${schedule.expression}`;
  const known = wordsByText.get(key);
  if (known !== undefined) return known;
  const expression = expressionOf(schedule);
  const words = describeExpression(expression, language);
  if (!expression.spread) wordsByText.set(key, words);
  return words;
}

export function expressionOf(schedule: Pick<PlannedSchedule, "containerId" | "expression">): Expression {
  const ownKey = `${schedule.containerId} ${schedule.expression}`;
  const known = expressionByText.get(schedule.expression) ?? spreadByContainer.get(ownKey);
  if (known !== undefined) return known;
  const expression = readExpression(schedule.expression, schedule, ["expression"]);
  if (expression.spread) spreadByContainer.set(ownKey, expression);
  else expressionByText.set(schedule.expression, expression);
  return expression;
}

/** What containers with the same instants have in common; null when they are this container's own. */
export function sharedKey(
  expression: Expression,
  schedule: Omit<PlannedSchedule, "containerId" | "anchorAt">,
): string | null {
  const own = expression.spread || expression.parts.some((part) => part.kind === "every");
  if (own) return null;
  return [schedule.missingTime, schedule.repeatedTime, schedule.timezone, schedule.expression].join(" ");
}

/*
 * What is remembered below are answers of pure functions: forgetting them changes no answer, and no two servers can
 * disagree about them. They save a thousand containers with one expression a thousand evaluations.
 */
const expressionByText = new LRUCache<string, Expression>({ max: MAX_REMEMBERED });
/** Those with an `H` are each container's own. */
const spreadByContainer = new LRUCache<string, Expression>({ max: MAX_REMEMBERED });
const wordsByText = new LRUCache<string, string>({ max: MAX_REMEMBERED });
const firesByKey = new LRUCache<string, {
  readonly after: Date;
  readonly fires: readonly Date[];
  /** There are no more, ever. */
  readonly all: boolean;
}>({ max: MAX_REMEMBERED });
