/** What people and scripts send, checked at the edge of the domain: every fault is a refusal that names its field. */
import { z } from "zod";
import { InvalidInputError } from "../../schema/errors.ts";
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

export const name = z.string({ error: "a name is needed" })
  .refine((text) => text.trim() !== "", "a name cannot be empty")
  .refine((text) => [...text].length <= NAME_CHARACTERS, `a name has at most ${NAME_CHARACTERS} characters`)
  .refine((text) => !controlCharacter.test(text), "a name has no control characters")
  .transform((text) => text.trim());

const description = z.string({ error: "a description is a text" })
  .refine(
    (text) => [...text].length <= DESCRIPTION_CHARACTERS,
    `a description has at most ${DESCRIPTION_CHARACTERS} characters`,
  )
  .refine((text) => !text.includes("\0"), "a description has no NUL character");

const command = z.string({ error: "a command is needed" })
  .refine((text) => text.trim() !== "", "a command cannot be empty")
  .refine(
    (text) => bytes(text) <= COMMAND_BYTES,
    `a command has at most ${COMMAND_BYTES} bytes; put a longer one into a script file`,
  )
  .refine((text) => !text.includes("\0"), "a command has no NUL character");

const path = z.string({ error: "a path is a text" })
  .refine((text) => text.trim() !== "", "a path cannot be empty")
  .refine((text) => bytes(text) <= PATH_BYTES, `a path has at most ${PATH_BYTES} bytes`)
  .refine((text) => !text.includes("\0"), "a path has no NUL character");

export const environment = z.record(
  z.string(),
  z.string({ error: "every value of an environment is a text" }),
  {
    error: "an environment is an object of texts",
  },
).superRefine((variables, context) => {
  for (const variable of Object.keys(variables)) {
    const fault = environmentFault(variable, variables[variable] ?? "");
    if (fault !== null) context.addIssue({ code: "custom", message: fault, path: [variable] });
  }
  if (bytes(JSON.stringify(variables)) > ENVIRONMENT_BYTES) {
    context.addIssue({
      code: "custom",
      message: `an environment has at most ${ENVIRONMENT_BYTES} bytes in all`,
    });
  }
});

const switchValue = z.boolean({ error: "it is true or false" });
const overlap = z.enum(overlapPolicies, { error: `it is one of ${overlapPolicies.join(", ")}` });
const misfire = z.enum(misfirePolicies, { error: `it is one of ${misfirePolicies.join(", ")}` });
const join = z.enum(joinRules, { error: `it is one of ${joinRules.join(", ")}` });
const position = z.object({ x: coordinate(), y: coordinate() }, { error: "a position has x and y" });

/** Field by field what a container takes; expression and timezone are read by the cron dialect. */
export const containerShape = {
  name,
  description,
  enabled: switchValue,
  expression: z.string().nullable(),
  timezone: z.string({ error: "a time zone is needed" }),
  overlap,
  misfire,
  dst: z.object({
    missing: z.enum(missingTimes, { error: `it is one of ${missingTimes.join(", ")}` }).nullish(),
    repeated: z.enum(repeatedTimes, { error: `it is one of ${repeatedTimes.join(", ")}` }).nullish(),
  }, { error: "it says what becomes of missing and of repeated times" }),
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

export const idempotencyKey = z.string()
  .refine((text) => text.trim() !== "", "an idempotency key cannot be empty")
  .refine(
    (text) => [...text].length <= IDEMPOTENCY_KEY_CHARACTERS,
    `it has at most ${IDEMPOTENCY_KEY_CHARACTERS} characters`,
  )
  .refine((text) => !text.includes("\0"), "it has no NUL character");

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
  action: string,
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
export function check<T>(schema: z.ZodType<T>, value: unknown, action: string, at: readonly string[]): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [...at, ...(issue?.path ?? []).map(String)];
  throw new InvalidInputError(
    `Cannot ${action}: ${where.at(-1) ?? "input"}${quote(value)}: ${issue?.message}`,
    where,
  );
}

/** A refusal for a value that only the whole can judge. */
export function invalid(action: string, why: string, at: readonly string[]): InvalidInputError {
  return new InvalidInputError(`Cannot ${action}: ${why}`, at);
}

function whole(least: number, most: number): z.ZodType<number> {
  return z.number({ error: "a number is needed" })
    .refine(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      `it is a whole number from ${least} to ${most}`,
    );
}

function coordinate(): z.ZodType<number> {
  return z.number({ error: "a coordinate is a number" })
    .refine((value) => Math.abs(value) <= COORDINATE, `a coordinate is within ${COORDINATE} of 0`);
}

function environmentFault(variable: string, value: string): string | null {
  if (!environmentName.test(variable)) {
    return "a variable's name is a letter or _ followed by letters, digits and _";
  }
  if (variable.startsWith("ORRERY_")) return "names that begin with ORRERY_ are kept for the scheduler";
  if (value.includes("\0")) return "a value has no NUL character";
  return null;
}

/** Short values are worth quoting; a value that may be secret or long is not. */
function quote(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return ` ${value}`;
  return typeof value === "string" && value.length <= 60 && !controlCharacter.test(value)
    ? ` ${JSON.stringify(value)}`
    : "";
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
