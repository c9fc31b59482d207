/** `login`: an API token for 90 days, kept for this server. */
import { hostname, userInfo } from "node:os";
import { StartError } from "../../start_error.ts";
import { addressOf, connect, keepToken } from "./connection.ts";
import { print, readWords, SERVER } from "./words.ts";

const USAGE = "login [--server URL] [--user NAME]";
const DAYS = 90;
const DAY_MS = 24 * 3_600_000;

export async function runLogin(args: readonly string[]): Promise<number> {
  const { values } = readWords(args, { ...SERVER, user: { type: "string" } }, USAGE, { least: 0, most: 0 });
  const address = addressOf(values.server);
  const username = values.user ?? ask("User name:");
  const password = Deno.stdin.isTerminal() ? readHidden("Password: ") : await readLine();
  const connection = await connect(values.server, null);
  const { signIn } = await connection.ask(
    `mutation ($username: String!, $password: String!) {
      signIn(username: $username, password: $password) {
        __typename ... on SignInPayload { token } ... on Error { message }
      }
    }`,
    { username, password },
  );
  if (signIn.__typename !== "SignInPayload") throw new StartError(signIn.message);
  const token = await createToken(values.server, signIn.token);
  const path = await keepToken(address, token);
  print(`Signed in at ${address} as ${username} for ${DAYS} days; the token is in ${path}`);
  return 0;
}

/** A token that can be revoked by its name. The session that made it is not needed any more. */
async function createToken(server: string | undefined, session: string): Promise<string> {
  const connection = await connect(server, session);
  const stamp = new Date().toISOString().slice(0, 19);
  const name = `orrery on ${hostname()} by ${userInfo().username}, ${stamp}`.slice(0, 200);
  const expiresAt = new Date(Date.now() + DAYS * DAY_MS).toISOString();
  const { createApiToken } = await connection.ask(
    `mutation ($name: String!, $expiresAt: DateTime) {
      createApiToken(name: $name, expiresAt: $expiresAt) {
        __typename ... on ApiTokenPayload { token } ... on Error { message }
      }
    }`,
    { name, expiresAt },
  );
  if (createApiToken.__typename !== "ApiTokenPayload") throw new StartError(createApiToken.message);
  await connection.ask("mutation { signOut }");
  return createApiToken.token;
}

function ask(question: string): string {
  if (!Deno.stdin.isTerminal()) throw new StartError(`Name the user with --user; usage: ${USAGE}`);
  return prompt(question) ?? "";
}

function readHidden(question: string): string {
  Deno.stderr.writeSync(new TextEncoder().encode(question));
  Deno.stdin.setRaw(true);
  try {
    const bytes: number[] = [];
    const one = new Uint8Array(1);
    while ((Deno.stdin.readSync(one) ?? 0) > 0 && one[0] !== 13 && one[0] !== 10) {
      if (one[0] === 3) throw new StartError("Stopped");
      if (one[0] === 127) bytes.pop();
      else bytes.push(one[0] ?? 0);
    }
    return new TextDecoder().decode(new Uint8Array(bytes));
  } finally {
    Deno.stdin.setRaw(false);
    Deno.stderr.writeSync(new TextEncoder().encode("\n"));
  }
}

async function readLine(): Promise<string> {
  return (await new Response(Deno.stdin.readable).text()).split(/\r?\n/)[0] ?? "";
}
