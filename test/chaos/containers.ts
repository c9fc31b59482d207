/** Containers with random graphs, whose tasks leave marks on the disk that no database can gainsay. */
import type { Random } from "../support/random.ts";
import type { TestServer } from "../support/server.ts";

/** Shell, without start and end. Each prints `line 1`, `line 2` and so on. */
const BODIES: readonly string[] = [
  "say 3",
  "say 20",
  "say 2; sleep 0.3; echo line 3",
  "for n in $(seq 1 10); do echo line $n; sleep 0.05; done",
  "for n in $(seq 1 20); do sleep 0.2 & done; say 4; wait",
  'echo "who=$ORRERY_TASK" >> "$ORRERY_OUTPUT"; say 2; cat "$ORRERY_INPUTS" > /dev/null',
];
/** Of a task that may fail: its next attempt has another number. */
const FAILURES: readonly string[] = ["exit $((RANDOM % 2))", "exit 1", "kill -KILL $$"];
const SAY = 'say() { for n in $(seq 1 "$1"); do echo "line $n"; done; }';

/** Their ids; every third one has a schedule. */
export async function createContainers(
  server: TestServer,
  marksPath: string,
  count: number,
  random: Random,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number++) {
    const id = await createContainer(server, settingsOf(number, random));
    await saveGraph(server, id, marksPath, random);
    ids.push(id);
  }
  return ids;
}

/** Nothing starts by itself any more. */
export async function disableContainers(server: TestServer, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await mutate(server, "updateContainer", "UpdateContainerInput", { id, enabled: false });
  }
}

export async function createContainer(server: TestServer, settings: object): Promise<string> {
  return await mutate(server, "createContainer", "CreateContainerInput", settings);
}

function settingsOf(number: number, random: Random): object {
  const scheduled = number % 3 === 0;
  return {
    name: `chaos ${number}`,
    expression: scheduled ? `@every ${1 + random.below(3)}s` : null,
    misfire: random.pick(["SKIP", "ONCE", "ALL"]),
    maxCatchUp: 5,
    overlap: random.pick(["SKIP", "ALLOW", "QUEUE", "REPLACE"]),
    maxParallel: random.below(4),
    priority: random.below(5),
  };
}

async function saveGraph(
  server: TestServer,
  id: string,
  marksPath: string,
  random: Random,
): Promise<void> {
  const names = Array.from({ length: 2 + random.below(7) }, (_, place) => `task ${place}`);
  const relations = names.flatMap((downstream, place) =>
    names.slice(0, place).filter(() => random.next() < 0.3).map((upstream) => ({
      upstream,
      downstream,
      condition: random.pick(["SUCCESS", "SUCCESS", "SUCCESS", "FAILURE", "ALWAYS"]),
    }))
  );
  await mutate(server, "saveContainer", "SaveContainerInput", {
    container: { id },
    tasks: names.map((name, place) => ({
      name,
      command: commandOf(random),
      environment: { MARKS: marksPath },
      // A container in which nothing is enabled makes no runs.
      enabled: place === names.length - 1 || random.next() > 0.15,
      maxRetries: random.below(3),
      retryDelaySeconds: 1,
      killGraceSeconds: 1,
      timeoutSeconds: 60,
      join: random.pick(["ALL", "ALL", "ANY"]),
    })),
    relations,
  });
}

function commandOf(random: Random): string {
  const end = random.next() < 0.2 ? [random.pick(FAILURES)] : [];
  return [SAY, mark("start"), random.pick(BODIES), mark("end"), ...end].join("\n");
}

function mark(what: string): string {
  return `echo "$ORRERY_ATTEMPT_ID ${what}" >> "$MARKS"`;
}

/** Answers the id of the container that it changed. */
export async function mutate(
  server: TestServer,
  name: string,
  type: string,
  input: object,
): Promise<string> {
  const answer = await server.graphql(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ... on Container { id } ... on Error { message } } }`,
    { input },
  );
  const id: unknown = answer.data?.[name]?.id;
  if (typeof id !== "string") throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
  return id;
}
