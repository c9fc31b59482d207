/** What calls are made with, by name: streams end with it, also on other servers. */
import { eq } from "drizzle-orm";
import { apiTokens, sessions } from "../../../schema/tables/user.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import type { Viewer } from "./interface.ts";

/** So much of a token's hash tells it from the one that took its place. */
const MARK_CHARACTERS = 8;

export function tokenCredential(id: number, tokenHash: string): string {
  return `token:${id}:${tokenHash.slice(0, MARK_CHARACTERS)}`;
}

/** The session that the call came with; null: it came with a token. */
export function sessionOf({ credentialId }: Viewer): string | null {
  const [kind, id = ""] = credentialId.split(":");
  return kind === "session" ? id : null;
}

/** The API token that the call came with; null: it came with a session. */
export function tokenOf({ credentialId }: Viewer): number | null {
  const [kind, id] = credentialId.split(":");
  return kind === "token" ? Number(id) : null;
}

const USER = "user:";

/** Stands for all that a user's streams were opened with. They may be opened anew, with other rights. */
export function userCredential(userId: number): string {
  return `${USER}${userId}`;
}

export function userOf(credentialId: string): number | null {
  return credentialId.startsWith(USER) ? Number(credentialId.slice(USER.length)) : null;
}

interface Hashes {
  readonly id: number;
  readonly tokenHash: string;
  readonly previousHash: string | null;
}

export function credentialsOfToken({ id, tokenHash, previousHash }: Hashes): readonly string[] {
  return [tokenHash, ...previousHash === null ? [] : [previousHash]].map((hash) => tokenCredential(id, hash));
}

/** Ends the sessions of a user, and answers their names. */
export async function endSessions(tx: Transaction, userId: number): Promise<readonly string[]> {
  const ended = await tx.delete(sessions).where(eq(sessions.userId, userId)).returning({ id: sessions.id });
  return ended.map(({ id }) => `session:${id}`);
}

/** The tokens of a user, by name. */
export async function tokensOf(tx: Transaction, userId: number): Promise<readonly string[]> {
  const tokens = await tx.select().from(apiTokens).where(eq(apiTokens.userId, userId));
  return tokens.flatMap(credentialsOfToken);
}

export function publishEnds(bus: Bus, credentialIds: readonly string[]): void {
  for (const credentialId of credentialIds) bus.publish({ kind: "session", credentialId });
}
