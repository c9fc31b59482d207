/** Guessing a password is slow: wrong ones are counted by account and address, by account, and by address. */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { LimitExceededError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";

const MINUTE = 60;
/** Keyed by both, so that a stranger elsewhere cannot keep the owner of an account out. */
const BY_ACCOUNT_AND_ADDRESS = { points: 10, duration: 5 * MINUTE };
const BY_ACCOUNT = { points: 100, duration: 60 * MINUTE };
const BY_ADDRESS = { points: 50, duration: 5 * MINUTE };

export interface GuessLimits {
  /** Counts a guess before it is checked, so that many at once are counted too; throws when it is one too many. */
  count(account: string, address: string, action: Action): Promise<void>;
  /** The guess was right: it and those before it do not count. */
  forget(account: string, address: string): Promise<void>;
}

export function createGuessLimits(): GuessLimits {
  const both = new RateLimiterMemory(BY_ACCOUNT_AND_ADDRESS);
  const byAccount = new RateLimiterMemory(BY_ACCOUNT);
  const byAddress = new RateLimiterMemory(BY_ADDRESS);
  return {
    async count(account, address, action): Promise<void> {
      try {
        await both.consume(`${account} ${address}`);
        await byAccount.consume(account);
        await byAddress.consume(address);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const seconds = Math.ceil(error.msBeforeNext / 1000);
        throw new LimitExceededError(
          say("TOO_MANY_GUESSES", { action, seconds }),
          null,
          seconds,
        );
      }
    },
    async forget(account, address): Promise<void> {
      await both.delete(`${account} ${address}`);
      await byAccount.delete(account);
      await byAddress.reward(address, 1);
    },
  };
}
