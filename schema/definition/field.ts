/**
 * What can be said of a field of a task or of a container. Columns, API, checks, stored versions and the console's drafts
 * are derived from it: each of them decides once, by the kind of a field, what it makes of it.
 */
import type { Given } from "../given.ts";
import type { Parameter } from "./parameter.ts";
import {
  type JoinRule,
  joinRules,
  misfirePolicies,
  type MisfirePolicy,
  type MissingTime,
  offlinePolicies,
  type OfflinePolicy,
  overlapPolicies,
  type OverlapPolicy,
  type RepeatedTime,
} from "../states.ts";

export type Variables = Readonly<Record<string, string>>;
/** What an agent has, or must have: each once. */
export type Labels = readonly string[];

export interface Position {
  readonly x: number;
  readonly y: number;
}

/** What becomes of a time that a clock change leaves out, and of one that it brings twice. */
export interface ClockChange {
  readonly missing: MissingTime;
  readonly repeated: RepeatedTime;
}

/** The value of a field by its kind. */
interface Kinds {
  name: string;
  description: string;
  tags: string[];
  command: string;
  path: string;
  expression: string;
  timezone: string;
  variables: Variables;
  labels: Labels;
  parameters: readonly Parameter[];
  boolean: boolean;
  integer: number;
  JoinRule: JoinRule;
  MisfirePolicy: MisfirePolicy;
  OfflinePolicy: OfflinePolicy;
  OverlapPolicy: OverlapPolicy;
  position: Position;
  clockChange: ClockChange;
}
export type Kind = keyof Kinds;

/** The words of the kinds that are closed sets. */
export const choices = {
  JoinRule: joinRules,
  MisfirePolicy: misfirePolicies,
  OfflinePolicy: offlinePolicies,
  OverlapPolicy: overlapPolicies,
} as const;

type FieldOf<K extends Kind> =
  & {
    readonly kind: K;
    /** Left out: the field has to be given. Null: it may be null, and is unless it is given. */
    readonly default?: Kinds[K] | null;
    /** False: the API's inputs do not state the default; it holds all the same. */
    readonly statedDefault?: false;
    /** True: people read it, and no run goes by it: a change makes no new version. */
    readonly quiet?: true;
    /** True: the agent is given it with each attempt. */
    readonly agent?: true;
    /** In the API, where it is shown and where it is given alike. */
    readonly description: string;
    /** Key of its word in the console. */
    readonly label: string;
  }
  & (K extends "integer" ? { readonly min: number; readonly max: number } : {
    /** Characters of a name or description, how many labels or tags, bytes of other texts and of variables. */
    readonly max?: number;
  });
export type Field = { [K in Kind]: FieldOf<K> }[Kind];
export type Fields = Readonly<Record<string, Field>>;

type Undescribed<F> = F extends Field ? Omit<F, "description"> : never;

/** A field, of which the compiler knows all that is said. */
export function field<const F extends Undescribed<Field>>(
  said: F,
  description: string,
): F & { readonly description: string } {
  return { ...said, description };
}

export type ValueOf<F extends Field> =
  | Kinds[F["kind"]]
  | (F extends { readonly default: null } ? null : never);
export type Values<F extends Fields> = { readonly [Name in keyof F]: ValueOf<F[Name]> };
/** Names of the fields that have a property, such as `quiet`. */
export type NamesWith<F extends Fields, Property extends "default" | "quiet" | "agent"> = {
  [Name in keyof F & string]: Property extends keyof F[Name] ? Name : never;
}[keyof F & string];
export type Defaults<F extends Fields> = Pick<Values<F>, NamesWith<F, "default">>;
/** Those whose change makes a new version. */
export type LoudFields<F extends Fields> = Omit<F, NamesWith<F, "quiet">>;

/** What callers may give, not yet checked. */
interface GivenKinds extends Omit<Kinds, "variables" | "labels" | "parameters" | "clockChange"> {
  variables: unknown;
  labels: readonly string[];
  parameters: unknown;
  clockChange: GivenClockChange;
}
export type GivenClockChange = { readonly [Part in keyof ClockChange]?: Given<ClockChange[Part]> };
export type GivenValues<F extends Fields> = {
  readonly [Name in keyof F]?: Given<GivenKinds[F[Name]["kind"]]>;
};

export function namesOf<F extends object>(fields: F): readonly (keyof F & string)[] {
  // Definitions and what is made of them have no names but those of their types.
  return Object.keys(fields) as (keyof F & string)[];
}

type NamesOfKind<F extends Fields, K extends Kind> = {
  [Name in keyof F & string]: F[Name]["kind"] extends K ? Name : never;
}[keyof F & string];

export function namesOfKind<F extends Fields, K extends Kind>(
  fields: F,
  kind: K,
): readonly NamesOfKind<F, K>[] {
  return namesOf(fields).filter((name): name is NamesOfKind<F, K> => fields[name]?.kind === kind);
}

/** One thing for each field, under its name; the caller says of which types they are. */
export function mapFields<F extends Fields, Result extends object>(
  fields: F,
  make: (field: F[keyof F], name: keyof F & string) => unknown,
): Result {
  const made = namesOf(fields).map((name) => [name, make(fields[name], name)]);
  // What each field becomes depends on its kind, which no type of Object.fromEntries() can say.
  return Object.fromEntries(made) as Result;
}

export function loudFields<F extends Fields>(fields: F): LoudFields<F> {
  // The types say of each field whether it is quiet, as the filter does.
  return Object.fromEntries(Object.entries(fields).filter(([, { quiet }]) => !quiet)) as LoudFields<F>;
}

/** The default of each field that has one. */
export function defaultsOf<F extends Fields>(fields: F): Defaults<F> {
  const known = Object.entries<Field>(fields).filter(([, field]) => field.default !== undefined);
  return mapFields<Fields, Defaults<F>>(Object.fromEntries(known), (field) => field.default);
}
