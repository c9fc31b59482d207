import { match } from "node:assert/strict";
import { rawPost, sendRaw, SIGN_IN } from "../support/http.ts";
import { ADMIN_PASSWORD, shareServer } from "../support/server.ts";

const server = await shareServer({
  environment: {
    ORRERY_PUBLIC_URL: "https://orrery.example:8443",
    ORRERY_TRUSTED_PROXIES: "127.0.0.2, 10.0.0.0/8",
  },
});
const { host, port } = new URL(server.address);
const signIn = { query: SIGN_IN, variables: { username: "admin", password: ADMIN_PASSWORD } };

const requests = [
  ["a Host with a space", "GET /health HTTP/1.1\r\nHost: a b\r\n", 400],
  ["a Host that is not closed", "GET /health HTTP/1.1\r\nHost: [::1\r\n", 400],
  ["a Host with a user", "GET /health HTTP/1.1\r\nHost: me@localhost\r\n", 400],
  ["a Host with a path", "GET /health HTTP/1.1\r\nHost: localhost/x\r\n", 400],
  ["a Host with a port that is none", "GET /health HTTP/1.1\r\nHost: localhost:x\r\n", 400],
  ["a Host with a port that is too large", "GET /health HTTP/1.1\r\nHost: localhost:99999\r\n", 400],
  ["no Host", "GET /health HTTP/1.1\r\n", 400],
  ["an empty Host", "GET /health HTTP/1.1\r\nHost:\r\n", 400],
  ["two Hosts", "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n", 400],
  ["no path", "GET health HTTP/1.1\r\nHost: localhost\r\n", 400],
  ["a method that no page may send", "TRACE / HTTP/1.1\r\nHost: localhost\r\n", 400],
  ["a header with a null byte", "GET / HTTP/1.1\r\nHost: localhost\r\nX: \0\r\n", 400],
  ["a head of 100 kB", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(100_000)}\r\n`, 431],
  ["a path that begins with two slashes", "GET //elsewhere.example/x HTTP/1.1\r\nHost: localhost\r\n", 404],
  ["its own address as path", `GET http://${host}/health HTTP/1.1\r\nHost: ${host}\r\n`, 200],
  ["HTTP/1.0 and no Host", "GET /health HTTP/1.0\r\n", 200],
  ["an address as Host", "GET /nothing.txt HTTP/1.1\r\nHost: 192.0.2.7\r\n", 404],
  ["an IPv6 address as Host", "GET /nothing.txt HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n", 404],
  ["the public address as Host", "GET /nothing.txt HTTP/1.1\r\nHost: ORRERY.example\r\n", 404],
  ["a name of elsewhere as Host", "GET / HTTP/1.1\r\nHost: elsewhere.example\r\n", 421],
  ["a name that only looks like ours", "GET / HTTP/1.1\r\nHost: 127.0.0.1.elsewhere.example\r\n", 421],
  ["a name of elsewhere for a monitor", "GET /health HTTP/1.1\r\nHost: elsewhere.example\r\n", 200],
  [
    "a name of elsewhere and a token",
    "GET /nothing.txt HTTP/1.1\r\nHost: elsewhere.example\r\nAuthorization: Bearer x\r\n",
    404,
  ],
] as const;

for (const [what, head, status] of requests) {
  Deno.test(`a request with ${what} is answered ${status}, with the headers of every answer`, async () => {
    const answer = await sendRaw(server, `${head}${head.includes("1.0") ? "" : "Connection: close\r\n"}\r\n`);

    match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    match(answer, /^x-content-type-options: nosniff\r$/mi);
    match(answer, /^content-security-policy: /mi);
    if (status === 421) match(answer, /ORRERY_PUBLIC_URL/);
  });
}

const pages = [
  ["the browser says that it is the same origin", {
    Host: host,
    Origin: "http://x.example",
    "Sec-Fetch-Site": "same-origin",
  }, true],
  ["the page's origin is the public address", { Host: host, Origin: "https://orrery.example:8443" }, true],
  ["a proxy passed the Host on without its port", { Host: "127.0.0.1", Origin: server.address }, false],
  ["a page of elsewhere asks", { Host: host, Origin: "http://elsewhere.example" }, false],
  ["a page of elsewhere asks, as the browser says", {
    Host: host,
    Origin: server.address,
    "Sec-Fetch-Site": "cross-site",
  }, false],
] as const;

for (const [what, headers, allowed] of pages) {
  Deno.test(`signing in ${allowed ? "works" : "is refused with the setting's name"} when ${what}`, async () => {
    const answer = await sendRaw(server, rawPost(signIn, headers));

    if (allowed) match(answer, new RegExp(`set-cookie: orrery_session_${port}=`, "i"));
    else match(answer, /^HTTP\/1.1 403 .*set ORRERY_PUBLIC_URL/s);
  });
}
