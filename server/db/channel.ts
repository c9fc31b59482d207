/** Messages between the servers of one database, by PostgreSQL's LISTEN and NOTIFY, on connections of their own. */
import type { Client } from "./client.ts";

const NAME = "orrery";

export interface Channel {
  /** At most 7,999 bytes. Reaches all who listen, the sender too. Throws when the database does not take it. */
  send(message: string): Promise<void>;
  /** Resolves once it listens, in place of an earlier one. `onLost` is told when its connection is lost: it ends then. */
  listen(onMessage: (message: string) => void, onLost: () => void): Promise<void>;
  close(): Promise<void>;
}

/** A client for one connection. */
type Connect = (onLost: () => void) => Client;

export function createChannel(connect: Connect): Channel {
  const sender = connect(() => {});
  let listener: Client | null = null;
  return {
    async send(message): Promise<void> {
      // A message that a crash of the database loses concerns nobody: who listened has lost the connection too.
      await sender.sql`select set_config('synchronous_commit', 'off', false), pg_notify(${NAME}, ${message})`;
    },
    async listen(onMessage, onLost): Promise<void> {
      const before = listener;
      const client = connect(() => {
        if (listener === client) onLost();
      });
      listener = client;
      await Promise.all([before?.close(), client.sql.listen(NAME, onMessage)]);
    },
    async close(): Promise<void> {
      await Promise.all([sender.close(), listener?.close()]);
    },
  };
}
