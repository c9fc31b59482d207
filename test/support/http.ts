/** Requests as a browser, a script or a stranger would send them, to a server of the tests. */
import { ADMIN_PASSWORD, type ServerAnswer, type TestServer } from "./server.ts";

export const SIGN_IN =
  `mutation SignIn($username: String!, $password: String!) { signIn(username: $username, password: $password) {
    __typename
    ... on SignInPayload { token expiresAt user { username } }
    ... on Error { code message }
    ... on LimitExceededError { retryAfterSeconds }
  } }`;

export interface Sent {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A POST of JSON with these headers and nothing else. */
export async function post(
  server: TestServer,
  sent: Sent | string,
  headers: Readonly<Record<string, string>> = {},
  path = "/graphql",
  signal: AbortSignal | null = null,
): Promise<Response> {
  return await fetch(`${server.address}${path}`, {
    signal,
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof sent === "string" ? sent : JSON.stringify(sent),
  });
}

export async function answerOf(response: Response): Promise<ServerAnswer> {
  return { status: response.status, ...await response.json() };
}

/** The codes of an answer's errors. */
export function codesOf(answer: ServerAnswer): readonly unknown[] {
  return (answer.errors ?? []).map(({ extensions }) => extensions?.code);
}

/** Signs in as a browser does, and answers what it sends from then on: `name=value`. */
export async function signInByCookie(server: TestServer): Promise<string> {
  const response = await post(server, {
    query: SIGN_IN,
    variables: { username: "admin", password: ADMIN_PASSWORD },
  });
  await response.body?.cancel();
  const [pair = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  return pair;
}

export interface StreamEvent {
  readonly event: string;
  // deno-lint-ignore no-explicit-any -- the shape follows from the document that the test wrote
  readonly data: any;
}

/** Reads an event stream one event at a time; null once the server has ended it. */
export interface EventReader {
  next(): Promise<StreamEvent | null>;
  close(): Promise<void>;
}

export function readEvents(response: Response): EventReader {
  if (response.body === null) throw new Error("The answer has no body");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next(): Promise<StreamEvent | null> {
      while (true) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const event = /^event: ?(.*)$/m.exec(block)?.[1];
          if (event === undefined) continue;
          const data = /^data: ?(.*)$/m.exec(block)?.[1] ?? "";
          return { event, data: data === "" ? null : JSON.parse(data) };
        }
        const { done, value } = await reader.read();
        if (done) return null;
        text += value;
      }
    },
    close: () => reader.cancel(),
  };
}

/** Sends these bytes and reads what comes until the server closes: what fetch cannot send. */
export async function sendRaw(server: TestServer, text: string): Promise<string> {
  const { hostname, port } = new URL(server.address);
  using conn = await Deno.connect({ hostname, port: Number(port) });
  await conn.write(new TextEncoder().encode(text));
  return await new Response(conn.readable).text();
}

/** A POST to /graphql as a browser or a proxy sends it, with every header as told. */
export function rawPost(sent: Sent, headers: Readonly<Record<string, string>>): string {
  const body = JSON.stringify(sent);
  const all = {
    "Content-Type": "application/json",
    "Content-Length": `${new TextEncoder().encode(body).length}`,
    "Connection": "close",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /graphql HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}
