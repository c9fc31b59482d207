/** When containers run: previews for people, the next slot and the due ones for the engine. */
import { InvalidInputError } from "../../schema/errors.ts";
import type { CronPreview, Schedules } from "../../schema/graphql/context.ts";
import { type Expression, readExpression, readTimezone, splitTimezone } from "./rules/cron.ts";
import { nextFires } from "./rules/cron_fires.ts";
import { minimumGapSeconds } from "./rules/cron_gap.ts";
import { describeExpression, type Language, languages } from "./rules/cron_words.ts";
import { createMemo } from "./rules/cron_memo.ts";

const MAX_PREVIEW_FIRES = 100;
/** Expressions, next instants and previews that are remembered. */
const MAX_REMEMBERED = 1_000;

/** As much of a schedule's row as says when it fires. */
export interface PlannedSchedule {
  readonly containerId: number;
  readonly expression: string;
  readonly timezone: string;
  readonly anchorAt: Date;
}

interface Clock {
  now(): number;
}

export function createSchedules(parts: { readonly clock: Clock }): Schedules {
  const { clock } = parts;
  return {
    preview: (input) => preview(input, input.from ?? new Date(clock.now())),
    nextFires(schedule, enabled, count): readonly Date[] {
      if (!enabled || schedule.expression === null) return [];
      const expression = expressionOf({ ...schedule, expression: schedule.expression });
      return nextFires(expression, { ...schedule, from: new Date(clock.now()), count });
    },
    describe: ({ containerId, expression }, language) => describe(containerId, expression, language),
  };
}

/** The first instant after the given one; null when there never is one. */
export function planNextFire(schedule: PlannedSchedule, after: Date): Date | null {
  const expression = expressionOf(schedule);
  const shared = sharedKey(expression, schedule);
  const known = shared === null ? undefined : nextByKey.get(shared);
  if (known !== undefined && known.after <= after && (known.next === null || after < known.next)) {
    return known.next;
  }
  const [next = null] = nextFires(expression, { ...schedule, from: after, count: 1 });
  if (shared !== null) nextByKey.set(shared, { after, next });
  return next;
}

/** The instants from the first to the last, both included, but not more than the limit. */
export function dueInstants(
  schedule: PlannedSchedule,
  first: Date,
  last: Date,
  limit: number,
): readonly Date[] {
  const from = new Date(first.getTime() - 1);
  return nextFires(expressionOf(schedule), { ...schedule, from, until: last, count: limit });
}

/** The words of an expression with an `H` are each container's own. */
function describe(containerId: number, text: string, language: string): string {
  const known = wordsByText.get(`${language} ${text}`);
  if (known !== undefined) return known;
  const expression = expressionOf({ containerId, expression: text });
  const words = describeExpression(expression, readLanguage(language));
  if (!expression.spread) wordsByText.set(`${language} ${text}`, words);
  return words;
}

function readLanguage(given: string): Language {
  const language = languages.find((known) => known === given);
  if (language === undefined) refuse(["language"], `Cannot describe in "${given}": en and zh are known`);
  return language;
}

type PreviewInput = Parameters<Schedules["preview"]>[0];

function preview(input: PreviewInput, from: Date): CronPreview {
  const language = languages.find((known) => known === input.language);
  if (language === undefined) {
    refuse(["language"], `Cannot preview in "${input.language}": en and zh are known`);
  }
  if (!Number.isInteger(input.count) || input.count < 1 || input.count > MAX_PREVIEW_FIRES) {
    refuse(["count"], `Cannot preview ${input.count} fires: 1 to ${MAX_PREVIEW_FIRES} are allowed`);
  }
  if (Number.isNaN(from.getTime())) refuse(["from"], "Cannot preview: from is no instant");
  const prefix = splitTimezone(input.expression).timezone;
  const timezone = readTimezone(prefix ?? input.timezone, ["timezone"]);
  const expression = readExpression(input.expression, { containerId: 0 }, ["expression"]);
  const start = { timezone, anchorAt: from, from };
  return {
    description: describeExpression(expression, language),
    fires: nextFires(expression, { ...start, count: input.count }),
    minimumGapSeconds: minimumGapSeconds(expression, start),
  };
}

function refuse(path: readonly string[], message: string): never {
  throw new InvalidInputError(message, path);
}

/*
 * What is remembered below are answers of pure functions: forgetting them changes no answer, and no two servers can
 * disagree about them. They save a thousand containers with one expression a thousand evaluations.
 */
const expressionByText = createMemo<Expression>(MAX_REMEMBERED);
/** Those with an `H` are each container's own. */
const spreadByContainer = createMemo<Expression>(MAX_REMEMBERED);
const wordsByText = createMemo<string>(MAX_REMEMBERED);
const nextByKey = createMemo<{ readonly after: Date; readonly next: Date | null }>(MAX_REMEMBERED);

function expressionOf(schedule: Pick<PlannedSchedule, "containerId" | "expression">): Expression {
  const ownKey = `${schedule.containerId} ${schedule.expression}`;
  const known = expressionByText.get(schedule.expression) ?? spreadByContainer.get(ownKey);
  if (known !== undefined) return known;
  const expression = readExpression(schedule.expression, schedule, ["expression"]);
  if (expression.spread) spreadByContainer.set(ownKey, expression);
  else expressionByText.set(schedule.expression, expression);
  return expression;
}

/** What containers with the same instants have in common; null when they are this container's own. */
function sharedKey(expression: Expression, schedule: PlannedSchedule): string | null {
  const own = expression.spread || expression.parts.some((part) => part.kind === "every");
  return own ? null : `${schedule.timezone} ${schedule.expression}`;
}
