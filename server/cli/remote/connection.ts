/** The server that a command talks to, and the token that it shows: never an argument, which every process could read. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { StartError } from "../../start_error.ts";

const DEFAULT_SERVER = "http://127.0.0.1:9528";

export type Variables = Readonly<Record<string, unknown>>;

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

export interface Answer {
  // deno-lint-ignore no-explicit-any -- the shape follows from the document that was sent
  readonly data?: any;
  readonly errors?: readonly GraphqlError[];
}

export interface Connection {
  readonly server: string;
  /** The answer as it came, errors included. */
  send(query: string, variables?: Variables): Promise<Answer>;
  /** The data; throws when there are errors. */
  // deno-lint-ignore no-explicit-any -- as above
  ask(query: string, variables?: Variables): Promise<any>;
  /** Each message of a subscription. */
  follow(query: string, variables?: Variables): AsyncGenerator<Answer>;
}

/** `server` is what --server said. Without a token given, the one that was kept for it is shown; null: none. */
export async function connect(server: string | undefined, given?: string | null): Promise<Connection> {
  const address = addressOf(server);
  const token = given === undefined ? await findToken(address) : given;
  const post = (query: string, variables: Variables, accept: string): Promise<Response> =>
    request(address, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept,
        ...token === null ? {} : { authorization: `Bearer ${token}` },
      },
      body: JSON.stringify({ query, variables }),
    });
  const send: Connection["send"] = async (query, variables = {}) => {
    const response = await post(query, variables, "application/json");
    const text = await response.text();
    const answer = parseJson(text);
    if (answer !== null) return answer;
    throw new StartError(
      `Cannot read the answer of ${address}: status ${response.status}; is it an Orrery server?`,
    );
  };
  return {
    server: address,
    send,
    async ask(query, variables): ReturnType<Connection["ask"]> {
      const { data, errors } = await send(query, variables);
      if (errors !== undefined && errors.length > 0) {
        throw new StartError(errors.map(({ message }) => message).join("\n"));
      }
      return data;
    },
    async *follow(query, variables = {}): AsyncGenerator<Answer> {
      const response = await post(query, variables, "text/event-stream");
      if (response.body === null || !response.ok) {
        throw new StartError(`Cannot subscribe at ${address}: ${await response.text()}`);
      }
      yield* readEvents(response.body);
    },
  };
}

export function addressOf(server: string | undefined): string {
  const given = server ?? Deno.env.get("ORRERY_SERVER") ?? DEFAULT_SERVER;
  const address = given.includes("://") ? given : `http://${given}`;
  if (!URL.canParse(address) || !/^https?:/.test(address)) {
    throw new StartError(
      `Cannot use the server "${given}": an address such as https://orrery.example.org is needed`,
    );
  }
  return address.replace(/\/+$/, "");
}

async function request(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${address}/graphql`, init);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `Cannot reach ${address}: ${why}; name the server with --server or ORRERY_SERVER`,
      error,
    );
  }
}

function parseJson(text: string): Answer | null {
  try {
    const answer: Answer | string | number | null = JSON.parse(text);
    return typeof answer === "object" && answer !== null && ("data" in answer || "errors" in answer)
      ? answer
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function* readEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Answer> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + text).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    for (const event of events) {
      const name = /^event: ?(.*)$/m.exec(event)?.[1];
      const data = [...event.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join("\n");
      if (name === "complete") return;
      if (name === "next" && data !== "") yield JSON.parse(data);
    }
  }
}

function tokensPath(): string {
  return join(Deno.env.get("XDG_CONFIG_HOME") || join(homedir(), ".config"), "orrery", "tokens.json");
}

async function readTokens(): Promise<Readonly<Record<string, string>>> {
  const path = tokensPath();
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new StartError(
      `Cannot read the tokens in "${path}": ${error instanceof Error ? error.message : error}`,
      error,
    );
  }
}

async function findToken(address: string): Promise<string | null> {
  return Deno.env.get("ORRERY_TOKEN") || (await readTokens())[address] || null;
}

/** For its owner alone, and whole at every moment. */
export async function keepToken(address: string, token: string): Promise<string> {
  const path = tokensPath();
  const tokens = { ...await readTokens(), [address]: token };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.part`, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.part`, path);
  return path;
}
