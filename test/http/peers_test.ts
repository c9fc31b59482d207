import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { createProxyList, readPeer } from "../../server/http/peers.ts";

const isProxy = createProxyList(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);

const reach = { ownHost: "localhost", publicUrl: null, isProxy };

const chains = [
  ["nobody", "192.0.2.1", undefined, "192.0.2.1"],
  ["a client that names another", "192.0.2.1", "198.51.100.1", "192.0.2.1"],
  ["a proxy", "127.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["a proxy without the header", "127.0.0.1", undefined, "127.0.0.1"],
  ["two proxies", "127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"],
  ["a proxy whose client names another", "127.0.0.1", "203.0.113.1, 198.51.100.1", "198.51.100.1"],
  ["a proxy by IPv6", "fd00::2", "2001:db8::1", "2001:db8::1"],
  ["a proxy that adds ports", "127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"],
  ["a proxy that adds ports to IPv4", "127.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
  ["a proxy that names no address", "127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"],
  ["a proxy that has a client in IPv4 within IPv6", "127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"],
] as const;
for (const [by, address, forwarded, client] of chains) {
  Deno.test(`readPeer() finds the client behind ${by}`, () => {
    const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };

    strictEqual(readPeer(messageWith(headers), address, reach).address, client);
  });
}

Deno.test("readPeer() takes host and scheme from a proxy that is trusted, and from nobody else", () => {
  const message = messageWith({ "x-forwarded-host": "orrery.example", "x-forwarded-proto": "https" });

  const [own, foreign] = ["10.0.0.1", "192.0.2.1"].map((address) => readPeer(message, address, reach));

  deepStrictEqual([own?.origin, own?.proxied], ["https://orrery.example", true]);
  deepStrictEqual([foreign?.origin, foreign?.proxied], ["http://127.0.0.1:9528", false]);
});

for (
  const [given, publicUrl, prefix] of [
    [undefined, null, ""],
    [undefined, "https://orrery.example", ""],
    [undefined, "https://tools.example/orrery", "/orrery"],
    ["/orrery", null, "/orrery"],
    ["/a/b.c_d~e-f/", null, "/a/b.c_d~e-f"],
    ["/other", "https://tools.example/orrery", "/other"],
    ["/", "https://tools.example/orrery", "/orrery"],
    ["//elsewhere.example", null, ""],
    ["/\\elsewhere.example", null, ""],
    ["https://elsewhere.example/", null, ""],
    ["orrery", null, ""],
    ["/../orrery", null, ""],
    ["/x; Domain=example", null, ""],
    ['/"><script>', null, ""],
    ["/%2e%2e/x", null, ""],
    ["/a, /b", "https://tools.example/orrery", "/orrery"],
  ] as const
) {
  Deno.test(`readPeer() takes ${given} with ${publicUrl} for the prefix "${prefix}"`, () => {
    const message = messageWith(given === undefined ? {} : { "x-forwarded-prefix": given });

    strictEqual(readPeer(message, "192.0.2.1", { ...reach, publicUrl }).prefix, prefix);
  });
}

function messageWith(headers: Readonly<Record<string, string>>): IncomingMessage {
  // Only these are read.
  return {
    headers,
    headersDistinct: { host: ["127.0.0.1:9528"] },
    httpVersion: "1.1",
  } as unknown as IncomingMessage;
}
