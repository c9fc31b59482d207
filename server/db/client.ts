/**
 * The driver's client, made anew whenever one of its connections is lost. A client that has lost one is given no more
 * work: its other connections end what they have in hand, and whatever else waits in it fails, as it must when a
 * database goes away. The next statement opens the next client's connection.
 */
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type postgres from "postgres";
import { connectionError } from "./constraints.ts";
import { GuardedSocket } from "./guarded_socket.ts";
import type { Address } from "./socket.ts";

const CLOSE_SECONDS = 2;
/** A connection that is silent for so long is looked at: its statement may be slow, or nobody is at the other end. */
const SILENCE_MS = 3_000;
const SILENCE_CHECK_MS = 1_000;
/** Each question of the look is answered within this, or the database is gone. */
const PROBE_MS = 3_000;
/** What has been answered has reached us after this. */
const ANSWER_MS = 200;

interface ClientOptions {
  /** Opens a connection to the database. */
  readonly open: (address: Omit<Address, "encryption">) => Promise<Socket>;
  /** What a client that lost a connection may take to end what its other connections have in hand. */
  readonly drainSeconds: number;
  /** A new client of the driver that opens its sockets by this; its sessions can be found by the name. */
  readonly create: (options: SocketOption & { readonly max?: number }, name: string) => postgres.Sql;
  /** Told when a connection that worked is lost. */
  readonly onLost: (error: Error) => void;
}

interface SocketOption {
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
  /** Of its sessions in the database. */
  readonly name: string;
  readonly sql: postgres.Sql;
  readonly sockets: Set<GuardedSocket>;
}

export function openClient({ create, drainSeconds, open, onLost }: ClientOptions): Client {
  const retiring = new Set<Promise<void>>();
  let opened = 0;
  let hosts = 1;
  let closing = false;
  let probing = false;
  let current = startGeneration();

  const watching = setInterval(() => {
    // Of several hosts another one may answer, which knows nothing of these sessions.
    if (hosts === 1 && silentSockets(current).length > 0) void checkSilence(current);
  }, SILENCE_CHECK_MS);
  Deno.unrefTimer(watching);

  function connect(onSocketLost: (error: Error, established: boolean) => void): {
    readonly sockets: Set<GuardedSocket>;
    readonly options: SocketOption;
  } {
    const sockets = new Set<GuardedSocket>();
    const options: SocketOption = {
      ssl: false,
      socket({ host, port, path }): GuardedSocket {
        // An address may name several hosts; they are tried in turn.
        const turn = opened++ % host.length;
        hosts = host.length;
        const opening = open({
          path: path === false ? null : path,
          host: host[turn] ?? "",
          port: port[turn] ?? port[0] ?? 0,
        });
        const socket = new GuardedSocket(opening, onSocketLost);
        socket.once("close", () => sockets.delete(socket));
        sockets.add(socket);
        return socket;
      },
    };
    return { sockets, options };
  }

  function startGeneration(): Generation {
    const name = `orrery ${crypto.randomUUID().slice(0, 8)}`;
    const { sockets, options } = connect((error, established) => {
      if (established && generation === current && !closing) onLost(error);
      retire(generation);
    });
    const generation: Generation = { name, sockets, sql: create(options, name) };
    return generation;
  }

  /**
   * A firewall may forget connections, an address may move: then no answer comes, and no end. A new connection asks
   * whether the database is at work for all that are silent; if it is not, or does not answer, they are dead. The
   * sessions of this generation are ended, so that they hold no locks.
   */
  async function checkSilence(generation: Generation): Promise<void> {
    if (probing || closing) return;
    probing = true;
    const { sockets, options } = connect(() => {});
    const probe = create({ ...options, max: 1 }, "orrery probe");
    try {
      if (await inTime(isAtWork(probe, generation))) return;
      await inTime(
        probe`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${generation.name}`,
      );
    } catch (error) {
      // Whatever it is, the silent ones have no answer to hope for.
      onLost(error instanceof Error ? error : new Error(String(error)));
    } finally {
      await endGeneration({ sql: probe, sockets }, 0);
      probing = false;
    }
    for (const socket of silentSockets(generation)) socket.abandon();
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
      clearInterval(watching);
      await Promise.all([...retiring, endGeneration(current, CLOSE_SECONDS)]);
    },
  };
}

function silentSockets({ sockets }: Generation): readonly GuardedSocket[] {
  return [...sockets].filter(({ silentMs }) => silentMs >= SILENCE_MS);
}

/** An answer may be under way to us: the silent ones are counted a moment after those that are worked for. */
async function isAtWork(probe: postgres.Sql, generation: Generation): Promise<boolean> {
  const [row] = await probe<{ busy: number }[]>`
    select count(*)::integer as busy from pg_stat_activity
    where application_name = ${generation.name} and state = 'active'`;
  await pause(ANSWER_MS);
  return (row?.busy ?? 0) >= silentSockets(generation).length;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(connectionError("The database does not answer")), PROBE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The driver rejects what is left when the time is over, and then waits for nothing but the closes. */
async function endGeneration({ sql, sockets }: Omit<Generation, "name">, timeout: number): Promise<void> {
  await sql.end({ timeout });
  for (const socket of sockets) socket.release();
}
