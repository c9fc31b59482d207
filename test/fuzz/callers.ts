/** Who sends operations, and how they go over the wire. */
import { addUser } from "../e2e/made.ts";
import { post, SIGN_IN } from "../support/http.ts";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import type { Operation } from "./operations.ts";
import { SPARE_PASSWORDS } from "./values.ts";
import type { Reply, Role } from "./verdict.ts";

export interface Caller {
  readonly name: string;
  readonly role: Role;
  /** It may send what ends its own sign-in. */
  readonly mayEnd: boolean;
  token: string | null;
}

/** A server that takes longer does not answer. */
const ANSWER_MS = 60_000;
/** A stream is read for so long. */
const STREAM_MS = 300;
const END_MS = 120_000;
const GET_LIMIT = 4_000;
const END = `mutation { cancelAllRuns { __typename } }`;
const LEFT = `{
  containers(first: 50) { edges { node { id } } }
  runs(first: 1, filter: { states: [QUEUED, RUNNING] }) { totalCount edges { node { id state reason containerName } } }
  taskRuns(first: 50, filter: { states: [PENDING, READY, RUNNING] }) { edges { node { id } } }
}`;

export async function createCallers(server: TestServer): Promise<readonly Caller[]> {
  const password = crypto.randomUUID();
  await addUser(server, "member", password);
  const [sparePassword = ""] = SPARE_PASSWORDS;
  await addUser(server, "spare", sparePassword);
  const admin: Caller = { name: "admin", role: "admin", mayEnd: false, token: await server.adminToken() };
  return [
    admin,
    // Most of what is sent is to have an effect.
    admin,
    admin,
    admin,
    admin,
    { name: "member", role: "member", mayEnd: false, token: await server.signIn("member", password) },
    { name: "spare", role: "member", mayEnd: true, token: await server.signIn("spare", sparePassword) },
    { name: "stranger", role: "stranger", mayEnd: false, token: null },
  ];
}

export async function send(server: TestServer, { token }: Caller, operation: Operation): Promise<Reply> {
  const { kind, query, variables } = operation;
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  if (kind === "subscription") return await follow(server, { query, variables }, authorization);
  // By the text, so that the same operation always goes the same way.
  const response = kind === "query" && query.length % 8 === 0 && `${parameters}`.length < GET_LIMIT
    ? await fetch(`${server.address}/graphql?${parameters}`, {
      headers: authorization,
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    : await post(server, { query, variables }, authorization, "/graphql", AbortSignal.timeout(ANSWER_MS));
  return await readAnswer(response);
}

async function readAnswer(response: Response): Promise<Reply> {
  const text = await response.text();
  try {
    return { status: response.status, results: [JSON.parse(text)] };
  } catch (error) {
    throw new Error(`No JSON, with status ${response.status}: ${text.slice(0, 200)}`, { cause: error });
  }
}

/** Reads a stream for a while. */
async function follow(
  server: TestServer,
  sent: Pick<Operation, "query" | "variables">,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const response = await post(
    server,
    sent,
    { ...headers, accept: "text/event-stream" },
    "/graphql",
    AbortSignal.timeout(ANSWER_MS),
  );
  if (
    response.body === null || response.headers.get("content-type")?.startsWith("text/event-stream") !== true
  ) {
    return await readAnswer(response);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(() => reader.cancel().catch(() => {}), STREAM_MS);
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  clearTimeout(timer);
  // The last block may be cut.
  const blocks = text.split("\n\n").slice(0, -1).flatMap((block) =>
    /^data: ?(\S[^\n]*)/m.exec(block)?.[1] ?? []
  );
  return { status: response.status, results: blocks.map((block) => JSON.parse(block)) };
}

/** Unless its sign-in still holds, or too many wrong passwords were sent: then it is a stranger for a while. */
export async function renewSignIn(server: TestServer, caller: Caller): Promise<void> {
  const { data } = await server.graphql("{ viewer { id } }", {}, caller.token);
  if (data.viewer !== null) return;
  for (const password of SPARE_PASSWORDS) {
    const answer = await server.graphql(SIGN_IN, { username: caller.name, password }, null);
    caller.token = answer.data?.signIn?.token ?? caller.token;
  }
}

/** Deletes all containers and cancels all runs and task runs: whatever was made must come to an end. */
export async function endEverything(server: TestServer): Promise<void> {
  await until("there is neither a container nor an active run", async () => {
    await server.graphql(END);
    const { data } = await server.graphql(LEFT);
    // Those that run in a stopped run.
    for (const { node } of data.taskRuns.edges) {
      await server.graphql("mutation ($id: ID!) { cancelTaskRun(id: $id) { __typename } }", node);
    }
    for (const { node } of data.containers.edges) {
      await server.graphql("mutation ($id: ID!) { deleteContainer(id: $id) { __typename } }", node);
    }
    return data.containers.edges.length === 0 && data.runs.totalCount === 0;
  }, END_MS);
}
