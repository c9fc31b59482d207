/** Where a request really comes from, and by which address it was sent: as the connection says, or as a trusted proxy does. */
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { readPathPrefix } from "../config.ts";
import { MalformedRequestError } from "./web_messages.ts";

const HOST = /^(?:\[[\da-f:.]+\]|[^\s/\\@?#:[\]]+)(?::\d+)?$/i;

export interface Peer {
  /** The client's, not a trusted proxy's. */
  readonly address: string;
  /** A trusted proxy says so. */
  readonly proxied: boolean;
  /** As the client wrote it, e.g. http://localhost:9528 */
  readonly origin: string;
  /** The path below which the client sees the server, such as /orrery; empty at the root of the host. */
  readonly prefix: string;
}

/** What the settings say of how the server is reached. */
interface Reach {
  /** Where it listens. */
  readonly ownHost: string;
  readonly publicUrl: string | null;
  readonly isProxy: (address: string) => boolean;
}

/** Takes addresses and CIDR ranges, which were checked with the settings. */
export function createProxyList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", bits] = entry.split("/");
    const type = familyOf(address);
    if (bits === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(bits), type);
  }
  return (address) => list.check(address, familyOf(address));
}

/** Throws MalformedRequestError when Host is missing, given twice, or no host. */
export function readPeer(
  { headers, headersDistinct, httpVersion }: IncomingMessage,
  address: string,
  { ownHost, publicUrl, isProxy }: Reach,
): Peer {
  const hosts = headersDistinct.host ?? (httpVersion === "1.0" ? [ownHost] : []);
  const proxied = isProxy(address);
  const host = (proxied ? lastOf(headers["x-forwarded-host"]) : undefined) ?? hosts[0] ?? "";
  const https = proxied && lastOf(headers["x-forwarded-proto"])?.toLowerCase() === "https";
  const origin = `${https ? "https" : "http"}://${host}`;
  if (hosts.length !== 1 || !HOST.test(host) || !URL.canParse(origin)) {
    throw new MalformedRequestError("No host");
  }
  return {
    proxied,
    origin,
    // Believed whoever sends it, as it names no host: the worst of it is a page that does not work for the sender.
    prefix: readPathPrefix((headers["x-forwarded-prefix"] ?? "").toString()) ||
      (publicUrl === null ? "" : new URL(publicUrl).pathname.replace(/\/$/, "")),
    address: proxied ? clientOf(headers["x-forwarded-for"], address, isProxy) : address,
  };
}

/** Each proxy appends whom it was asked by: the last that is no trusted proxy is the client. */
function clientOf(
  forwarded: string | readonly string[] | undefined,
  peer: string,
  isProxy: (address: string) => boolean,
): string {
  let client = peer;
  for (const entry of (forwarded ?? "").toString().split(",").reverse()) {
    const address = entry.trim().replace(/^\[(.*)\](?::\d+)?$/, "$1").replace(/^([\d.]+):\d+$/, "$1");
    if (isIP(address) === 0) break;
    client = address.replace(/^::ffff:(?=\d+\.)/i, "");
    if (!isProxy(client)) break;
  }
  return client;
}

function lastOf(header: string | readonly string[] | undefined): string | undefined {
  return header?.toString().split(",").at(-1)?.trim();
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
