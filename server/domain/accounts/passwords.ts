/** Passwords: hashed off the main thread, a bounded number at once, and no quicker for a name that nobody has. */
import { hash, verify } from "@node-rs/argon2";
import { LimitExceededError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";

/** OWASP's choice for argon2id, which is the package's default kind; each hash takes 19 MiB while it is made. */
const HASHING = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const HASHES_AT_ONCE = 2;
const HASHES_WAITING = 100;
const RETRY_AFTER_SECONDS = 2;

const RANDOM_BYTES = 18;

/** One that nobody knows yet. */
export function randomPassword(): string {
  return crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)).toBase64({ alphabet: "base64url" });
}

export interface Passwords {
  hash(password: string): Promise<string>;
  /** With null, for a user that does not exist, it takes as long and answers false. */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  let nobodysHash: Promise<string> | null = null;

  async function bounded<T>(work: () => Promise<T>): Promise<T> {
    if (running >= HASHES_AT_ONCE) {
      if (waiting.length >= HASHES_WAITING) {
        throw new LimitExceededError(
          say("TOO_MANY_CHECKS"),
          null,
          RETRY_AFTER_SECONDS,
        );
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return {
    hash: (password) => bounded(() => hash(password, HASHING)),
    async verify(passwordHash, password): Promise<boolean> {
      nobodysHash ??= hash(crypto.randomUUID(), HASHING);
      const against = passwordHash ?? await nobodysHash;
      const right = await bounded(() => verify(against, password));
      return right && passwordHash !== null;
    },
  };
}
