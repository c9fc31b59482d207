/** A line to a server that can be cut and mended: the server itself notices nothing but lost connections. */
import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";

export interface Cable extends AsyncDisposable {
  /** E.g. http://127.0.0.1:40123 */
  readonly address: string;
  /** Breaks every connection; new ones are broken at once. */
  cut(): void;
  mend(): void;
}

export async function layCable(serverAddress: string): Promise<Cable> {
  const { hostname, port } = new URL(serverAddress);
  const sockets = new Set<Socket>();
  let whole = true;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    // A broken connection tells so on both ends; that is what a cable is cut for.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const listener = createServer((near) => {
    keep(near);
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    keep(far);
    near.pipe(far);
    far.pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const place = listener.address();
  if (place === null || typeof place === "string") throw new Error("The cable has no port");
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `http://127.0.0.1:${place.port}`,
    cut,
    mend: () => {
      whole = true;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      cut();
      listener.close();
      await once(listener, "close");
    },
  };
}
