/** Guessing a password is slow: wrong ones are counted by address, by account and address, and by account. */
import { isIP } from "node:net";
import { LimitExceededError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";

const MINUTE_MS = 60_000;
const BY_ADDRESS = { count: 50, windowMs: 5 * MINUTE_MS };
/** Keyed by both, so that guesses from elsewhere do not lock the owner out. */
const BY_ACCOUNT_AND_ADDRESS = { count: 10, windowMs: 5 * MINUTE_MS };
/** When an account had so many wrong guesses, from wherever, each address has fewer for it. */
const BY_ACCOUNT = { count: 100, windowMs: 60 * MINUTE_MS };
const GUESSES_UNDER_ATTACK = 2;
/** Of each kind, and once more as many that were counted before: older ones are forgotten. */
const MAX_COUNTED = 10_000;

export interface GuessLimits {
  /** Counts a guess before it is checked, so that many at once are counted too; throws when it is one too many. */
  count(account: string, address: string, action: Action): void;
  /** The guess was right: it and those before it do not count. */
  forget(account: string, address: string): void;
  /** The account has a new password: no guess of the old one counts, from wherever it came. */
  reset(account: string): void;
}

export function createGuessLimits(clock: { now(): number }): GuessLimits {
  const byAddress = createCounter(BY_ADDRESS.windowMs, clock);
  const byBoth = createCounter(BY_ACCOUNT_AND_ADDRESS.windowMs, clock);
  const byAccount = createCounter(BY_ACCOUNT.windowMs, clock);
  return {
    count(account, address, action): void {
      const network = networkOf(address);
      const both = `${network} ${account}`;
      const most = byAccount.read(account).count >= BY_ACCOUNT.count
        ? GUESSES_UNDER_ATTACK
        : BY_ACCOUNT_AND_ADDRESS.count;
      // The address first: one that is refused has nothing else counted, so that it cannot fill the other counters.
      refuseAbove(byAddress, network, BY_ADDRESS.count, action);
      refuseAbove(byBoth, both, most, action);
      byAddress.add(network, 1);
      byBoth.add(both, 1);
      byAccount.add(account, 1);
    },
    forget(account, address): void {
      const network = networkOf(address);
      byAddress.add(network, -1);
      byBoth.add(`${network} ${account}`, -Infinity);
      byAccount.add(account, -1);
    },
    reset(account): void {
      byAccount.add(account, -Infinity);
      byBoth.drop((key) => key.endsWith(` ${account}`));
    },
  };

  function refuseAbove(counter: Counter, key: string, most: number, action: Action): void {
    const { count, endsAt } = counter.read(key);
    if (count < most) return;
    const seconds = Math.max(1, Math.ceil((endsAt - clock.now()) / 1000));
    throw new LimitExceededError(say("TOO_MANY_GUESSES", { action, seconds }), null, seconds);
  }
}

interface Counted {
  readonly count: number;
  readonly endsAt: number;
}

interface Counter {
  read(key: string): Counted;
  add(key: string, change: number): void;
  drop(matches: (key: string) => boolean): void;
}

/** Counts by key, each for a while that begins with its first. */
function createCounter(windowMs: number, clock: { now(): number }): Counter {
  let recent = new Map<string, Counted>();
  let older = new Map<string, Counted>();
  function read(key: string): Counted {
    const known = recent.get(key) ?? older.get(key);
    const now = clock.now();
    // A window that ends later than one that begins now was opened by a clock that was ahead.
    return known !== undefined && known.endsAt > now && known.endsAt <= now + windowMs
      ? known
      : { count: 0, endsAt: now + windowMs };
  }
  return {
    read,
    add(key, change): void {
      const { count, endsAt } = read(key);
      if (recent.size >= MAX_COUNTED) [older, recent] = [recent, new Map()];
      recent.set(key, { count: Math.max(0, count + change), endsAt });
    },
    drop(matches): void {
      for (const counted of [recent, older]) {
        for (const key of counted.keys()) if (matches(key)) counted.delete(key);
      }
    },
  };
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = [], tail] = (address.split("%")[0] ?? "").split("::").map((half) => half.split(":"));
  const zeros = tail === undefined ? [] : Array(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros].slice(0, 4).join(":");
}
