/** Column shapes that every table shares. */
import { sql } from "drizzle-orm";
import { bigint, boolean, integer, jsonb, pgEnum, text, timestamp } from "drizzle-orm/pg-core";
import { type Fields, type Labels, mapFields, type Variables } from "../definition/field.ts";
import type { Parameter } from "../definition/parameter.ts";
import type { Sentence } from "../sentences.ts";
import * as states from "../states.ts";

export const overlapPolicy = pgEnum("overlap_policy", states.overlapPolicies);
export const misfirePolicy = pgEnum("misfire_policy", states.misfirePolicies);
export const offlinePolicy = pgEnum("offline_policy", states.offlinePolicies);
export const missingTime = pgEnum("missing_time", states.missingTimes);
export const repeatedTime = pgEnum("repeated_time", states.repeatedTimes);
export const joinRule = pgEnum("join_rule", states.joinRules);
export const relationCondition = pgEnum("relation_condition", states.relationConditions);
export const runState = pgEnum("run_state", states.runStates);
export const runCause = pgEnum("run_cause", states.runCauses);
export const taskRunState = pgEnum("task_run_state", states.taskRunStates);
export const attemptState = pgEnum("attempt_state", states.attemptStates);
export const slotOutcome = pgEnum("slot_outcome", states.slotOutcomes);
export const messageKind = pgEnum("message_kind", states.messageKinds);
export const projectRole = pgEnum("project_role", states.projectRoles);
export const tokenScope = pgEnum("token_scope", states.tokenScopes);
export const auditSource = pgEnum("audit_source", states.auditSources);
export const stopCause = pgEnum("stop_cause", states.stopCauses);

/** Ids are never reused, so a row may name one that is gone. */
export const id = () => bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity();
export const reference = () => bigint({ mode: "number" });
/** An instant, kept to the millisecond, which is what the API shows. */
export const instant = () => timestamp({ withTimezone: true, precision: 3 });
export const createdAt = () =>
  instant().notNull().default(sql`date_trunc('milliseconds', clock_timestamp())`);
/** What the server has to say, by key and values: whoever reads it says it in their language. */
export const sentence = () => jsonb().$type<Sentence>();

const columnMakers = {
  required: () => text().notNull(),
  nullable: () => text(),
  text: (value: string) => text().notNull().default(value),
  tags: (value: string[]) => text().array().notNull().default(value),
  variables: (value: Variables) => jsonb().$type<Variables>().notNull().default(value),
  labels: (value: Labels) => text().array().notNull().default([...value]),
  parameters: (value: readonly Parameter[]) => jsonb().$type<readonly Parameter[]>().notNull().default(value),
  boolean: (value: boolean) => boolean().notNull().default(value),
  integer: (value: number) => integer().notNull().default(value),
  JoinRule: (value: states.JoinRule) => joinRule().notNull().default(value),
  MisfirePolicy: (value: states.MisfirePolicy) => misfirePolicy().notNull().default(value),
  OfflinePolicy: (value: states.OfflinePolicy) => offlinePolicy().notNull().default(value),
  OverlapPolicy: (value: states.OverlapPolicy) => overlapPolicy().notNull().default(value),
};
type Makers = typeof columnMakers;
type MakerOf<F> = F extends { readonly kind: infer K extends keyof Makers } ? K
  : F extends { readonly default: null } ? "nullable"
  : F extends { readonly default: string } ? "text"
  : "required";

/** A column for each field, with its default. A value of two parts has two columns, which its table makes. */
export function columnsOf<F extends Fields>(
  fields: F,
): { [Name in keyof F]: ReturnType<Makers[MakerOf<F[Name]>]> } {
  return mapFields(fields, (field) => {
    const kind = field.kind in columnMakers
      ? field.kind
      : field.default === undefined
      ? "required"
      : field.default === null
      ? "nullable"
      : "text";
    // The maker takes a value of its kind, and the default is one.
    const make = columnMakers[kind as keyof Makers] as (value: unknown) => unknown;
    return make(field.default);
  });
}
