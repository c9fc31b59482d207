/** Malformed HTTP: requests as bytes, each with a fault or more, several in one connection, or broken off. */
import type { Random } from "../support/random.ts";
import type { TestServer } from "../support/server.ts";
import { type Pool, STREAM_TOKENS } from "./pool.ts";
import { listOf } from "./values.ts";

/** An answer is taken to be whole when nothing more comes for so long: whoever waits for the rest of a request never ends. */
const SILENCE_MS = 150;
const MAX_ANSWER_CHARACTERS = 1_000_000;
const MAX_PIPELINED = 4;

const METHODS = [
  ...listOf(`GET¦PUT¦DELETE¦OPTIONS¦HEAD¦TRACE¦CONNECT¦PATCH¦get¦PRI¦G\0T¦`),
  "A".repeat(5_000),
];
const TARGETS = [
  ...listOf(
    `/¦/health¦/graphql/stream¦/graphql/stream?token=x&operationId=1¦/graphql?query=%7Bviewer%7Bid%7D%7D¦
/graphql?query=%7B&variables=%7B&extensions=[¦/graphql?query=subscription%7Bheartbeat%7D¦
/graphql?token=\xff&query={¦/graphql?query=%ff%00&operationName=%ed%a0%80¦/download/attempts/x¦
/download/task-runs/VGFza1J1bjox?stream=\0¦/download/%2e%2e/%2e%2e¦/assets/../../deno.json¦/%00¦/%zz¦
/\\..\\x¦//host/x¦http://other.example/graphql¦http://[::1/¦*¦¦host:443`,
  ),
  `/${"a".repeat(20_000)}`,
];
const PARAMETERS = ["", "format=ndjson", "format=json", "format=x", "token=x", "%00=%ff"];
const STREAM_METHODS = ["PUT", "GET", "POST", "DELETE"];
const VERSIONS = ["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.1 x", "http/1.1", "HTTP/9999", ""];
const HEADERS = [
  ...listOf(`Host: a b¦Host: [::1¦Host:¦Host: localhost:99999¦Host: \xff¦Content-Length: 5¦
Content-Length: 999999999999¦Content-Length: -1¦Content-Length: +5, 6¦Content-Length: 0x10¦
Transfer-Encoding: chunked¦Transfer-Encoding: gzip, chunked¦Transfer-Encoding : chunked¦
Transfer-Encoding: nothing¦Content-Encoding: gzip¦Content-Type: text/plain¦
Content-Type: application/json; charset=utf-16¦Content-Type: multipart/form-data; boundary=¦
Content-Type: \0¦Expect: 100-continue¦Expect: nothing¦
Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x¦
Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk¦
Accept: text/event-stream¦Accept: text/html¦Accept: application/graphql-response+json¦Origin: null¦
Origin: http://[¦Origin: http://other.example¦Referer: \xff¦Cookie: orrery_session_80=;;=; a¦
Authorization: Bearer¦Authorization: Bearer a.b.c¦Authorization: Basic \xff¦
X-Forwarded-For: ::ffff:1, x¦X-Forwarded-Host: a/b¦X-Forwarded-Proto: ftp¦If-None-Match: *¦
If-Modified-Since: never¦Range: bytes=9-1,a-¦Accept-Encoding: br;q=x, *;q=9¦__proto__: x¦ folded: x¦
no colon¦: no name¦Na me: x¦Name\0: x`),
  `Long: ${"x".repeat(100_000)}`,
  Array(3_000).fill("Many: x").join("\r\n"),
];
const QUERY = '{"query":"{ viewer { id } }"}';
const BODIES = [
  ...listOf(`¦null¦7¦"text"¦[]¦{}¦{¦\xff\xfe{\0¦\xed\xa0\x80¦{"query":1}¦{"query":null}¦
{"query":"{ viewer { id } }","variables":"x"}¦
{"query":"{ viewer { id } }","variables":[1],"operationName":7}¦
{"query":"{ viewer { id } }","operationName":"Other"}¦
{"query":"{ viewer { id } }","extensions":{"persistedQuery":{"sha256Hash":"x","version":1}}}¦
{"query":"{ viewer { id } }","query":"{","__proto__":{"a":1}}¦{"query":"\\ud800"}¦
{"query":"query A { viewer { id } } query A { viewer { id } }"}¦
{"query":"{ ...A } fragment A on Query { ...A }"}¦{"query":"subscription { heartbeat }"}¦
{"query":"{ __schema { types { name } } }"}¦
{"query":"subscription { heartbeat }","extensions":{"operationId":"1"}}`),
  ...Array(8).fill(QUERY),
  `[${QUERY},${QUERY}]`,
  QUERY.slice(0, -1),
  `${QUERY}${QUERY}`,
  `\xef\xbb\xbf${QUERY}`,
  '{"query":"query($a: Float!) { viewer { id } }","variables":{"a":1e400}}',
  `{"query":"${"{a".repeat(3_000)}"}`,
  `{"query":"{${" a:viewer{id}".repeat(400)}}"}`,
  "[".repeat(50_000),
  `{"variables":${'{"a":'.repeat(500)}1${"}".repeat(500)},"query":"{a}"}`,
  `{"query":"{viewer{id}}","variables":{"a":"${"x".repeat(70_000)}"}}`,
];
const CHUNKED = listOf(
  `5\r\n{"que¦zz\r\nabc\r\n0\r\n\r\n¦-1\r\n¦ffffffffffffffffff\r\na¦5;x=\0\r\n{}   \r\n0\r\n\r\n¦
0\r\nHost: b\r\n\r\n¦2\r\n{}0\r\n\r\n`,
);

/** One to some requests, as one character a byte. */
export function createRawRequests(random: Random, pool: Pool, token: string): string {
  const count = random.next() < 0.7 ? 1 : 1 + random.below(MAX_PIPELINED);
  const text = Array.from({ length: count }, () => createOne(random, pool, token)).join("");
  if (random.next() > 0.15) return text;
  return random.next() < 0.5 ? text.slice(0, random.below(text.length)) : text.replaceAll("\r\n", "\n");
}

function createOne(random: Random, pool: Pool, token: string): string {
  const faulty = (): boolean => random.next() < 0.3;
  const download = `/download/attempts/${pool.pick("Attempt", random)}?${random.pick(PARAMETERS)}`;
  const stream = `/graphql/stream?token=${pool.pick(STREAM_TOKENS, random)}&operationId=1`;
  const target = faulty() ? random.pick([...TARGETS, download, download, stream, stream]) : "/graphql";
  const proper = target === download ? "GET" : target === stream ? random.pick(STREAM_METHODS) : "POST";
  const method = faulty() ? random.pick(METHODS) : proper;
  const version = random.next() < 0.05 ? random.pick(VERSIONS) : "HTTP/1.1";
  const sent = faulty() && random.next() < 0.4 ? random.pick(CHUNKED) : random.pick(BODIES);
  const headers = [
    "Host: localhost",
    "Content-Type: application/json",
    CHUNKED.includes(sent) ? "Transfer-Encoding: chunked" : `Content-Length: ${sent.length}`,
    ...(random.next() < 0.6 ? [`Authorization: Bearer ${token}`] : []),
  ];
  for (let count = random.below(3); count > 0; count--) {
    const header = random.pick(HEADERS);
    // Instead of the proper one, or beside it.
    const [name = ""] = header.split(":");
    const other = headers.findIndex((line) => line.startsWith(`${name}:`));
    if (other >= 0 && random.next() < 0.7) headers.splice(other, 1, header);
    else headers.push(header);
  }
  return `${method} ${target} ${version}\r\n${headers.join("\r\n")}\r\n\r\n${sent}`;
}

/** Answers what came until the server closed the connection or was silent. */
export async function sendRawRequests(server: TestServer, text: string): Promise<string> {
  const { hostname, port } = new URL(server.address);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  let silence: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => {
    try {
      connection.close();
    } catch {
      // It is closed already.
    }
  };
  const listen = (): void => {
    clearTimeout(silence);
    silence = setTimeout(close, SILENCE_MS);
  };
  const decoder = new TextDecoder("latin1");
  let answer = "";
  try {
    listen();
    const writing = writeAll(connection, Uint8Array.from(text, (character) => character.charCodeAt(0)));
    const buffer = new Uint8Array(65_536);
    while (answer.length < MAX_ANSWER_CHARACTERS) {
      const length = await connection.read(buffer);
      if (length === null) break;
      answer += decoder.decode(buffer.subarray(0, length));
      listen();
    }
    close();
    await writing;
  } catch {
    // The server has cut the connection, or we have: what came counts.
  }
  clearTimeout(silence);
  close();
  return answer;
}

/** The server may close before it has read all. */
async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  try {
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
  } catch {
    // It has.
  }
}
