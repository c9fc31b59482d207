/** What people and scripts send, checked at the edge of the domain: every fault is a refusal that names its field. */
import { z } from "zod";
import { InvalidInputError } from "../../schema/errors.ts";
import { say, type Sentence } from "../../schema/sentences.ts";
import type { Action } from "../../schema/sentences/actions.ts";
import type { fieldFaults } from "../../schema/sentences/fields.ts";
import {
  joinRules,
  misfirePolicies,
  missingTimes,
  overlapPolicies,
  repeatedTimes,
} from "../../schema/states.ts";

const NAME_CHARACTERS = 200;
const DESCRIPTION_CHARACTERS = 10_000;
/** The kernel takes 128 KiB in one argument; the wrapper needs some of it. */
const COMMAND_BYTES = 120 * 1024;
const PATH_BYTES = 4000;
const ENVIRONMENT_BYTES = 128 * 1024;
const SECONDS = 366 * 24 * 3600;
const KILL_GRACE_SECONDS = 24 * 3600;
const RETRIES = 100;
/** More runs than that at once are no catching up. */
const CATCH_UPS = 10_000;
const PARALLEL = 100_000;
const PRIORITY = 1_000_000;
const IDEMPOTENCY_KEY_CHARACTERS = 200;
const COORDINATE = 1_000_000;

const environmentName = /^[A-Za-z_][A-Za-z0-9_]*$/;
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/;

export const name = z.string({ error: fault("NAME_NEEDED") })
  .refine((text) => text.trim() !== "", fault("NAME_EMPTY"))
  .refine((text) => [...text].length <= NAME_CHARACTERS, fault("NAME_LONG", { most: NAME_CHARACTERS }))
  .refine((text) => !controlCharacter.test(text), fault("NAME_CONTROLS"))
  .transform((text) => text.trim());

const description = z.string({ error: fault("DESCRIPTION_NO_TEXT") })
  .refine(
    (text) => [...text].length <= DESCRIPTION_CHARACTERS,
    fault("DESCRIPTION_LONG", { most: DESCRIPTION_CHARACTERS }),
  )
  .refine((text) => !text.includes("\0"), fault("DESCRIPTION_NUL"));

const command = z.string({ error: fault("COMMAND_NEEDED") })
  .refine((text) => text.trim() !== "", fault("COMMAND_EMPTY"))
  .refine(
    (text) => bytes(text) <= COMMAND_BYTES,
    fault("COMMAND_LONG", { most: COMMAND_BYTES }),
  )
  .refine((text) => !text.includes("\0"), fault("COMMAND_NUL"));

const path = z.string({ error: fault("PATH_NO_TEXT") })
  .refine((text) => text.trim() !== "", fault("PATH_EMPTY"))
  .refine((text) => bytes(text) <= PATH_BYTES, fault("PATH_LONG", { most: PATH_BYTES }))
  .refine((text) => !text.includes("\0"), fault("PATH_NUL"));

export const environment = z.record(
  z.string(),
  z.string({ error: fault("ENVIRONMENT_NO_TEXT") }),
  {
    error: fault("ENVIRONMENT_NO_OBJECT"),
  },
).superRefine((variables, context) => {
  for (const variable of Object.keys(variables)) {
    const fault = environmentFault(variable, variables[variable] ?? "");
    if (fault !== null) context.addIssue({ code: "custom", message: fault, path: [variable] });
  }
  if (bytes(JSON.stringify(variables)) > ENVIRONMENT_BYTES) {
    context.addIssue({
      code: "custom",
      message: fault("ENVIRONMENT_LARGE", { most: ENVIRONMENT_BYTES }),
    });
  }
});

const switchValue = z.boolean({ error: fault("NO_SWITCH") });
const overlap = z.enum(overlapPolicies, { error: fault("NONE_OF", { known: overlapPolicies }) });
const misfire = z.enum(misfirePolicies, { error: fault("NONE_OF", { known: misfirePolicies }) });
const join = z.enum(joinRules, { error: fault("NONE_OF", { known: joinRules }) });
const position = z.object({ x: coordinate(), y: coordinate() }, { error: fault("POSITION_PARTS") });

/** Field by field what a container takes; expression and timezone are read by the cron dialect. */
export const containerShape = {
  name,
  description,
  enabled: switchValue,
  expression: z.string({ error: fault("NO_TEXT") }).nullable(),
  timezone: z.string({ error: fault("TIMEZONE_NEEDED") }),
  overlap,
  misfire,
  dst: z.object({
    missing: z.enum(missingTimes, { error: fault("NONE_OF", { known: missingTimes }) }).nullish(),
    repeated: z.enum(repeatedTimes, { error: fault("NONE_OF", { known: repeatedTimes }) }).nullish(),
  }, { error: fault("DST_PARTS") }),
  lateAfterSeconds: whole(1, SECONDS),
  maxCatchUp: whole(1, CATCH_UPS),
  timeoutSeconds: whole(0, SECONDS),
  maxParallel: whole(0, PARALLEL),
  priority: whole(-PRIORITY, PRIORITY),
} as const;

export const taskShape = {
  name,
  description,
  command,
  shell: path,
  directory: path.nullable(),
  environment,
  enabled: switchValue,
  timeoutSeconds: whole(0, SECONDS),
  killGraceSeconds: whole(0, KILL_GRACE_SECONDS),
  maxRetries: whole(0, RETRIES),
  retryDelaySeconds: whole(0, SECONDS),
  join,
  keepLogs: switchValue,
  mergeOutput: switchValue,
  position,
} as const;

export const idempotencyKey = z.string({ error: fault("NO_TEXT") })
  .refine((text) => text.trim() !== "", fault("KEY_EMPTY"))
  .refine(
    (text) => [...text].length <= IDEMPOTENCY_KEY_CHARACTERS,
    fault("KEY_LONG", { most: IDEMPOTENCY_KEY_CHARACTERS }),
  )
  .refine((text) => !text.includes("\0"), fault("KEY_NUL"));

type Shape = typeof containerShape | typeof taskShape;
/** What a container was given, checked. */
export type ContainerValues = Fields<typeof containerShape>;
type Fields<S extends Shape> = { readonly [K in keyof S]?: z.infer<S[K]> };

/**
 * The fields that were given, checked. Where null cannot stand in a field it is refused, or, with `nullIsLeftOut` (for
 * something new), taken as not given.
 */
export function readFields<S extends Shape>(
  shape: S,
  input: object,
  action: Action,
  at: readonly string[] = [],
  nullIsLeftOut = false,
): Fields<S> {
  const given = Object.entries(input).filter(([key, value]) =>
    key in shape && value !== undefined && !(nullIsLeftOut && value === null)
  );
  const read = given.map(([key, value]) => {
    // `key in shape` was asked above; TypeScript does not carry it through the filter.
    const field = shape[key as keyof S] as z.ZodType;
    return [key, check(field, value, action, [...at, key])];
  });
  // Each value was read by the field of its own name.
  return Object.freeze(Object.fromEntries(read)) as Fields<S>;
}

/** The value as the schema reads it, or the refusal of its first fault. */
export function check<T>(schema: z.ZodType<T>, value: unknown, action: Action, at: readonly string[]): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [...at, ...(issue?.path ?? []).map(String)];
  if (issue === undefined) throw new Error(`Field ${where.join(".")} refuses without an issue`);
  const why = readFault(issue.message);
  const sentence = say("FIELD_REFUSED", { action, field: where.at(-1) ?? "input", value: quote(value), why });
  throw new InvalidInputError(sentence, where);
}

/** The sentence as a text, which is all that an issue can carry. */
function fault<Key extends keyof typeof fieldFaults>(...sentence: Parameters<typeof say<Key>>): string {
  return JSON.stringify(say(...sentence));
}

/** Every schema of this file is given its sentences by `fault`, so that this is one of them. */
function readFault(message: string): Sentence {
  return JSON.parse(message);
}

function whole(least: number, most: number): z.ZodType<number> {
  return z.number({ error: fault("NUMBER_NEEDED") })
    .refine(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      fault("NO_WHOLE_NUMBER", { least, most }),
    );
}

function coordinate(): z.ZodType<number> {
  return z.number({ error: fault("COORDINATE_NO_NUMBER") })
    .refine((value) => Math.abs(value) <= COORDINATE, fault("COORDINATE_FAR", { most: COORDINATE }));
}

function environmentFault(variable: string, value: string): string | null {
  if (!environmentName.test(variable)) {
    return fault("VARIABLE_NAME");
  }
  if (variable.startsWith("ORRERY_")) return fault("VARIABLE_KEPT");
  if (value.includes("\0")) return fault("VARIABLE_NUL");
  return null;
}

/** Short values are worth quoting; a value that may be secret or long is not. */
function quote(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return `${value}`;
  return typeof value === "string" && value.length <= 60 && !controlCharacter.test(value)
    ? JSON.stringify(value)
    : "";
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
