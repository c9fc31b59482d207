/** How long a token for scripts may live, as the form offers it. */

export const tokenLives = ["30", "90", "365", "never"] as const;
export type TokenLife = typeof tokenLives[number];

const DAY_MS = 86_400_000;

/** When it ends; null = never. */
export function tokenEnd(life: TokenLife, now: number): string | null {
  return life === "never" ? null : new Date(now + Number(life) * DAY_MS).toISOString();
}

export function tokenOver(expiresAt: string | null, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now;
}
