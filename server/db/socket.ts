/** The way to the database: a Unix socket, TCP, or TLS as the address asks for. */
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** "any": encrypted, whoever answers; "verified": by the one that its certificate names. */
export type Encryption = "none" | "if offered" | "any" | "verified";

export interface Address {
  /** Of a Unix socket; null for TCP. */
  readonly path: string | null;
  readonly host: string;
  readonly port: number;
  readonly encryption: Encryption;
}

/** Asks a PostgreSQL server whether it speaks TLS; it answers S or N. */
const TLS_REQUEST = new Uint8Array([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const TLS_OFFERED = "S".charCodeAt(0);

/** What `sslmode` (or `ssl`) in the address of the database means. */
export function readEncryption(mode: string | null): Encryption {
  switch (mode) {
    case null:
    case "disable":
    case "false":
      return "none";
    case "allow":
    case "prefer":
      return "if offered";
    case "require":
      return "any";
    default:
      return "verified";
  }
}

export async function openSocket(address: Address): Promise<Socket> {
  const socket = address.path === null ? connect(address.port, address.host) : connect(address.path);
  socket.setNoDelay(true);
  try {
    await heard(socket, "connect");
  } catch (error) {
    // A socket that is missing is a port where nobody listens, and not a file that somebody asked for.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") error.code = "ECONNREFUSED";
    throw error;
  }
  if (address.encryption === "none" || address.path !== null) return socket;
  socket.write(TLS_REQUEST);
  const [answer] = await heard(socket, "data");
  if (answer?.[0] === TLS_OFFERED) return await encrypt(socket, address);
  if (address.encryption === "if offered") return socket;
  socket.destroy();
  throw new Error("the server does not speak TLS, which sslmode asks for");
}

async function encrypt(socket: Socket, { host, encryption }: Address): Promise<Socket> {
  const encrypted = connectTls({
    socket,
    rejectUnauthorized: encryption === "verified",
    ...isIP(host) === 0 ? { servername: host } : {},
  });
  await heard(encrypted, "secureConnect");
  return encrypted;
}

/** The first event of this name; a fault or an end before it rejects. */
function heard(socket: Socket, name: "connect" | "data" | "secureConnect"): Promise<readonly Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      socket.off(name, onEvent).off("error", onError).off("close", onClose);
      act();
    };
    const onEvent = (...parts: Uint8Array[]): void => settle(() => resolve(parts));
    const onError = (error: Error): void => settle(() => reject(error));
    const onClose = (): void => settle(() => reject(new Error("the connection was closed")));
    socket.on(name, onEvent).on("error", onError).on("close", onClose);
  });
}
