/** The two kinds of token: a signed one for a sign-in, a random one for scripts. */
import { createHash } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";

const ISSUER = "orrery";
const ALGORITHM = "HS256";
const API_TOKEN_BYTES = 32;
/** Lets people and scanners of secrets see what it is. */
const API_TOKEN_PREFIX = "orrery_";

export interface SessionTokens {
  sign(session: { readonly id: string; readonly expiresAt: Date }): Promise<string>;
  /** The session that a token names; null when it is forged, expired or no token of ours. */
  read(token: string, now: Date): Promise<string | null>;
}

export function createSessionTokens(secret: string): SessionTokens {
  const key = new TextEncoder().encode(secret);
  return {
    sign: ({ id, expiresAt }) =>
      new SignJWT().setProtectedHeader({ alg: ALGORITHM }).setIssuer(ISSUER).setJti(id)
        // A part of a second less would end the token before its session.
        .setExpirationTime(Math.ceil(expiresAt.getTime() / 1000)).sign(key),
    async read(token, now): Promise<string | null> {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          currentDate: now,
        });
        return payload.jti ?? null;
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}

export function createApiToken(): string {
  const random = crypto.getRandomValues(new Uint8Array(API_TOKEN_BYTES));
  return `${API_TOKEN_PREFIX}${random.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

export function looksLikeApiToken(token: string): boolean {
  return token.startsWith(API_TOKEN_PREFIX);
}

/** What is kept of an API token. */
export function hashApiToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
