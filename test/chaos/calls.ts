/** Calls that are made while the server is struck, and what it acknowledged. */
import type { Random } from "../support/random.ts";
import type { ServerAnswer, TestServer } from "../support/server.ts";

export interface Calls {
  /** Ids of runs that the server said to have made. */
  readonly acknowledged: ReadonlySet<string>;
  /** Starts runs and cancels some, several at once and again and again until it is told to end. The server may go. */
  makeUntil(end: AbortSignal, server: TestServer, random: Random): Promise<void>;
  /** Says again what got no answer; the server must have made each at most once. */
  repeatUnanswered(server: TestServer): Promise<void>;
}

const CALLERS = 4;
const CANCELLED_SHARE = 0.15;
/** A caller that got no answer waits for so long: thousands of calls to repeat would take minutes. */
const UNANSWERED_PAUSE_MS = 50;
const TRIGGER = `mutation ($containerId: ID!, $key: String!) {
  triggerRun(containerId: $containerId, idempotencyKey: $key) {
    __typename ... on Run { id } ... on Error { code message }
  }
}`;
const CANCEL = "mutation ($id: ID!) { cancelRun(id: $id) { __typename ... on Error { code message } } }";

export function createCalls(containerIds: readonly string[]): Calls {
  const acknowledged = new Set<string>();
  /** Key -> container. */
  const unanswered = new Map<string, string>();
  let keys = 0;

  async function trigger(server: TestServer, key: string, containerId: string): Promise<void> {
    unanswered.set(key, containerId);
    const answer = await tryAsking(server, TRIGGER, { containerId, key });
    if (answer?.data?.triggerRun === undefined || answer.data.triggerRun === null) {
      return await new Promise((resolve) => setTimeout(resolve, UNANSWERED_PAUSE_MS));
    }
    unanswered.delete(key);
    const { __typename, id, code } = answer.data.triggerRun;
    if (__typename === "Run") acknowledged.add(id);
    else if (code !== "CONFLICT") throw new Error(`triggerRun was refused: ${JSON.stringify(answer)}`);
  }

  async function makeOne(server: TestServer, random: Random): Promise<void> {
    if (acknowledged.size > 0 && random.next() < CANCELLED_SHARE) {
      await tryAsking(server, CANCEL, { id: [...acknowledged].at(-1) });
    } else await trigger(server, `key ${++keys}`, random.pick(containerIds));
  }

  return {
    acknowledged,
    async makeUntil(end, server, random): Promise<void> {
      await Promise.all(Array.from({ length: CALLERS }, async () => {
        while (!end.aborted) await makeOne(server, random);
      }));
    },
    async repeatUnanswered(server): Promise<void> {
      for (const [key, containerId] of [...unanswered]) await trigger(server, key, containerId);
    },
  };
}

/** Null when the server went away meanwhile. */
async function tryAsking(
  server: TestServer,
  document: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<ServerAnswer | null> {
  try {
    return await server.graphql(document, variables);
  } catch {
    // It was killed: the call is said again later, with the same key.
    return null;
  }
}
