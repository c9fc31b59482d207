/**
 * The driver's client, made anew whenever one of its connections is lost. A client that has lost one is given no more
 * work: its other connections end what they have in hand, and whatever else waits in it fails, as it must when a
 * database goes away. The next statement opens the next client's connection.
 */
import type { Socket } from "node:net";
import type postgres from "postgres";
import { GuardedSocket } from "./guarded_socket.ts";
import type { Address } from "./socket.ts";

const CLOSE_SECONDS = 2;

export interface ClientOptions {
  /** Opens a connection to the database. */
  readonly open: (address: Omit<Address, "encryption">) => Promise<Socket>;
  /** What a client that lost a connection may take to end what its other connections have in hand. */
  readonly drainSeconds: number;
  /** A new client of the driver that opens its sockets by this. */
  readonly create: (options: SocketOption) => postgres.Sql;
  /** Told when a connection that worked is lost. */
  readonly onLost: (error: Error) => void;
}

export interface SocketOption {
  readonly ssl: false;
  readonly socket: (options: DriverOptions) => GuardedSocket;
}

/** What the driver read from the address, as far as it concerns a socket. */
interface DriverOptions {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

export interface Client {
  /** Stands for whichever client is in use. */
  readonly sql: postgres.Sql;
  close(): Promise<void>;
}

interface Generation {
  readonly sql: postgres.Sql;
  readonly sockets: Set<GuardedSocket>;
}

export function openClient({ create, drainSeconds, open, onLost }: ClientOptions): Client {
  const retiring = new Set<Promise<void>>();
  let opened = 0;
  let closing = false;
  let current = startGeneration();

  function startGeneration(): Generation {
    const sockets = new Set<GuardedSocket>();
    const generation: Generation = {
      sockets,
      sql: create({
        ssl: false,
        socket({ host, port, path }): GuardedSocket {
          // An address may name several hosts; they are tried in turn.
          const turn = opened++ % host.length;
          const opening = open({
            path: path === false ? null : path,
            host: host[turn] ?? "",
            port: port[turn] ?? port[0] ?? 0,
          });
          const socket = new GuardedSocket(opening, (error, established) => {
            if (established && generation === current && !closing) onLost(error);
            retire(generation);
          });
          socket.once("close", () => sockets.delete(socket));
          sockets.add(socket);
          return socket;
        },
      }),
    };
    return generation;
  }

  function retire(generation: Generation): void {
    if (closing || generation !== current) return;
    current = startGeneration();
    // The query builder has put its own ways to read and write values there.
    Object.assign(current.sql.options.parsers, generation.sql.options.parsers);
    Object.assign(current.sql.options.serializers, generation.sql.options.serializers);
    const end = endGeneration(generation, drainSeconds).finally(() => retiring.delete(end));
    retiring.add(end);
  }

  return {
    sql: new Proxy(current.sql, {
      apply: (_target, _self, args) => Reflect.apply(current.sql, undefined, args),
      get: (_target, property) => Reflect.get(current.sql, property),
    }),
    async close(): Promise<void> {
      closing = true;
      await Promise.all([...retiring, endGeneration(current, CLOSE_SECONDS)]);
    },
  };
}

/** The driver rejects what is left when the time is over, and then waits for nothing but the closes. */
async function endGeneration({ sql, sockets }: Generation, timeout: number): Promise<void> {
  await sql.end({ timeout });
  for (const socket of sockets) socket.release();
}
