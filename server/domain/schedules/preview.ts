/** What an expression means, told before it is used. */
import { LRUCache } from "lru-cache";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { ClockChange } from "../../../schema/definition/field.ts";
import type { CronPreview, PreviewInput } from "./interface.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import { type Expression, readExpression, readTimezone, splitTimezone } from "../rules/cron.ts";
import { refuseShortGap } from "../rules/cron_gap.ts";
import { nextFires, usualClockChange } from "../rules/cron_fires.ts";
import { minimumGapSeconds } from "../rules/cron_gap.ts";
import { type FireTime, localizeFires } from "../rules/cron_times.ts";
import { describeExpression, type Language, languages, neverFires } from "../rules/cron_words.ts";
import { sharedKey } from "./planning.ts";

const MAX_PREVIEW_FIRES = 100;
/** What many containers share is evaluated once. */
const MAX_REMEMBERED = 1_000;

interface PreviewRules {
  /** Expressions that fire closer together are refused. */
  readonly shortestGapSeconds: number;
}

export function previewExpression(input: PreviewInput, from: Date, rules: PreviewRules): CronPreview {
  const language = readLanguage(input.language);
  if (!Number.isInteger(input.count) || input.count < 1 || input.count > MAX_PREVIEW_FIRES) {
    refuse(["count"], say("PREVIEW_COUNT", { count: input.count, most: MAX_PREVIEW_FIRES }));
  }
  if (Number.isNaN(from.getTime())) refuse(["from"], say("PREVIEW_FROM"));
  const prefix = splitTimezone(input.expression).timezone;
  const timezone = readTimezone(prefix ?? input.timezone, ["timezone"]);
  const dst = { ...usualClockChange, ...input.dst };
  const expression = readOnce(input.expression);
  const { times, gapSeconds } = lookAhead(expression, { timezone, dst, from, count: input.count });
  refuseShortGap(input.expression, gapSeconds, rules.shortestGapSeconds, ["expression"]);
  return {
    description: describeExpression(expression, language),
    fires: times.map(({ at }) => at),
    times,
    minimumGapSeconds: gapSeconds,
    warning: times.length === 0 && !expression.parts.some(({ kind }) => kind === "reboot")
      ? neverFires(language)
      : null,
  };
}

export function readLanguage(given: string): Language {
  const language = languages.find((known) => known === given);
  if (language === undefined) {
    refuse(["language"], say("LANGUAGE_UNKNOWN", { language: given }));
  }
  return language;
}

interface Look {
  readonly from: Date;
  readonly times: readonly FireTime[];
  readonly gapSeconds: number | null;
}

interface LookStart {
  readonly timezone: string;
  readonly dst: ClockChange;
  readonly from: Date;
  readonly count: number;
}

/** The same answer holds for every start up to the first fire. */
function lookAhead(expression: Expression, { timezone, dst, from, count }: LookStart): Look {
  const schedule = {
    expression: expression.text,
    timezone,
    missingTime: dst.missing,
    repeatedTime: dst.repeated,
  };
  const shared = sharedKey(expression, schedule);
  const key = `${count} ${shared}`;
  const known = shared === null ? undefined : lookByKey.get(key);
  const first = known?.times[0]?.at;
  if (known !== undefined && known.from <= from && (first === undefined || from < first)) return known;
  const start = { timezone, dst, anchorAt: from, from };
  const fires = nextFires(expression, { ...start, count });
  const look = {
    from,
    times: localizeFires(expression, start, fires),
    gapSeconds: minimumGapSeconds(expression, start),
  };
  if (shared !== null) lookByKey.set(key, look);
  return look;
}

/** Spread as for no container yet. */
function readOnce(text: string): Expression {
  const known = expressionByText.get(text);
  if (known !== undefined) return known;
  const expression = readExpression(text, { containerId: 0 }, ["expression"]);
  expressionByText.set(text, expression);
  return expression;
}

function refuse(path: readonly string[], sentence: Sentence): never {
  throw new InvalidInputError(sentence, path);
}

// Answers of pure functions: forgetting them changes no answer.
const expressionByText = new LRUCache<string, Expression>({ max: MAX_REMEMBERED });
const lookByKey = new LRUCache<string, Look>({ max: MAX_REMEMBERED });
