/** Variables and secrets of projects and containers, as people set them. environment.ts gives them to tasks. */
import { Buffer } from "node:buffer";
import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import {
  ConflictError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
} from "../../../schema/errors.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import { containers } from "../../../schema/tables/container.ts";
import { projects } from "../../../schema/tables/project.ts";
import { type Variable, variables } from "../../../schema/tables/variable.ts";
import type { Database } from "../../db/database.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Vault } from "../../vault/vault.ts";
import { claimVaultKeyId } from "../../vault/vault_check.ts";
import { audit, changesOf, subjectOf } from "../audit/audit.ts";
import type { Viewer } from "../accounts/interface.ts";
import { authorise } from "../accounts/rights.ts";
import { inProjects, visibleTo } from "../accounts/visible.ts";
import { check, variableName } from "../inputs.ts";
import { findProject } from "../projects/projects.ts";
import type { VariableInput, Variables } from "./interface.ts";
import { placeOf, type VariableOwner } from "./place.ts";

/** Of one project, and of one container; as many as the API lists. */
const MAX_VARIABLES = 500;
const MAX_VALUE_BYTES = 64 * 1024;
/** Shorter values stand in output by chance. */
const MIN_SECRET_CHARACTERS = 6;
const ACTION = "set variable";

interface VariablePorts {
  readonly db: Database;
  readonly vault: Vault;
}

export function createVariables(ports: VariablePorts): Variables {
  return {
    set: (viewer, input) => setVariable(ports, viewer, input),
    remove: (viewer, input) => deleteVariable(ports, viewer, input.id),
  };
}

async function setVariable(
  { db, vault }: VariablePorts,
  viewer: Viewer,
  input: VariableInput,
): Promise<number> {
  return await transaction(db, async (tx) => {
    const owner = await findOwner(tx, viewer, input);
    authorise(viewer, "variable:change", owner);
    const secret = input.secret ?? false;
    const name = check(variableName, input.name, ACTION, ["name"]);
    checkValue(input.value, secret);
    // Others who set variables of the project wait, so that none is made twice and none is beyond the limit.
    await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, owner.projectId)).for(
      "no key update",
    );
    const before = await findVariable(tx, owner, name);
    if (before !== null && before.keyId !== null && !secret) {
      throw new ConflictError(say("SECRET_STAYS", { name }), ["secret"]);
    }
    const stored = secret
      ? await encrypt(tx, vault, input.value, placeOf({ ...owner, name }))
      : plain(input.value);
    const written = { ...stored, updatedAt: sql`clock_timestamp()`, updatedBy: viewer.userId };
    const id = before === null
      ? await insertVariable(tx, { ...owner, name, ...written })
      : await updateVariable(tx, before.id, written);
    const subject = subjectOf("Variable", { id, name, projectId: owner.projectId });
    await audit(tx, viewer, "variable.set", subject, changesOf(before && factsOf(before), factsOf(stored)));
    return id;
  });
}

async function deleteVariable({ db }: VariablePorts, viewer: Viewer, id: number): Promise<void> {
  const action = "delete variable";
  await transaction(db, async (tx) => {
    const [variable] = await tx.select().from(variables)
      .where(and(eq(variables.id, id), inProjects(visibleTo(viewer), variables.projectId))).for("update");
    if (variable === undefined) throw new NotFoundError(say("NO_VARIABLE", { action }), ["id"]);
    authorise(viewer, "variable:change", variable);
    await tx.delete(variables).where(eq(variables.id, id));
    await audit(
      tx,
      viewer,
      "variable.delete",
      subjectOf("Variable", variable),
      changesOf(factsOf(variable), null),
    );
  });
}

async function findOwner(tx: Transaction, viewer: Viewer, input: VariableInput): Promise<VariableOwner> {
  const visible = visibleTo(viewer);
  const containerId = input.containerId ?? null;
  if (containerId === null) {
    const slug = input.project ?? "default";
    const missing = { message: say("NO_PROJECT", { action: ACTION, slug }), path: ["project"] };
    return { projectId: await findProject(tx, visible, slug, missing), containerId };
  }
  const [container] = await tx.select({ projectId: containers.projectId }).from(containers)
    .where(and(eq(containers.id, containerId), inProjects(visible, containers.projectId))).for("key share");
  if (container === undefined) {
    throw new NotFoundError(say("NO_CONTAINER", { action: ACTION }), ["containerId"]);
  }
  return { projectId: container.projectId, containerId };
}

function checkValue(value: string, secret: boolean): void {
  if (value.includes("\0")) throw invalidValue(say("VARIABLE_NUL"));
  if (new TextEncoder().encode(value).length > MAX_VALUE_BYTES) {
    throw invalidValue(say("VARIABLE_VALUE_LONG", { most: MAX_VALUE_BYTES }));
  }
  if (secret && [...value].length < MIN_SECRET_CHARACTERS) {
    throw invalidValue(say("SECRET_SHORT", { least: MIN_SECRET_CHARACTERS }));
  }
}

/** The value is not quoted. */
function invalidValue(why: Sentence): InvalidInputError {
  return new InvalidInputError(say("FIELD_REFUSED", { action: ACTION, field: "value", value: "", why }), [
    "value",
  ]);
}

function ofOwner({ projectId, containerId }: VariableOwner): SQL | undefined {
  return containerId === null
    ? and(eq(variables.projectId, projectId), isNull(variables.containerId))
    : eq(variables.containerId, containerId);
}

async function findVariable(tx: Transaction, owner: VariableOwner, name: string): Promise<Variable | null> {
  const [variable] = await tx.select().from(variables).where(and(ofOwner(owner), eq(variables.name, name)));
  return variable ?? null;
}

/** Without the value: an entry of the audit log stays as it is, and what is plain now may become a secret. */
function factsOf({ keyId }: Pick<Variable, "keyId">): object {
  return { secret: keyId !== null };
}

type Stored = Pick<Variable, "value" | "encryptedValue" | "keyId">;

function plain(value: string): Stored {
  return { value, encryptedValue: null, keyId: null };
}

async function encrypt(tx: Transaction, vault: Vault, text: string, place: string): Promise<Stored> {
  if (await claimVaultKeyId(tx, vault.keyId) !== vault.keyId) {
    throw new ConflictError(say("VAULT_KEY_DIFFERS"));
  }
  const { encryptedValue, keyId } = await vault.encrypt(text, place);
  return { value: null, encryptedValue: Buffer.from(encryptedValue), keyId };
}

async function insertVariable(tx: Transaction, values: Inserted): Promise<number> {
  if (await tx.$count(variables, ofOwner(values)) >= MAX_VARIABLES) {
    throw new LimitExceededError(say("TOO_MANY_VARIABLES", { limit: MAX_VARIABLES }));
  }
  const [row] = await tx.insert(variables).values(values).returning({ id: variables.id });
  if (row === undefined) throw new Error("An insert gave no row back");
  return row.id;
}

async function updateVariable(tx: Transaction, id: number, values: Written): Promise<number> {
  await tx.update(variables).set(values).where(eq(variables.id, id));
  return id;
}

interface Written extends Stored {
  readonly updatedAt: SQL;
  readonly updatedBy: number | null;
}

interface Inserted extends Written, VariableOwner {
  readonly name: string;
}
