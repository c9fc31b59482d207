import assert from "node:assert/strict";
import { say, textOf } from "../../../schema/sentences.ts";
import { createGraph, type Graph } from "../../../server/domain/rules/graph.ts";
import { findFollowers } from "../../../server/domain/rules/followers.ts";
import {
  decideNext,
  decideRunEnd,
  isReserved,
  type RunStop,
  type TaskState,
} from "../../../server/domain/rules/run_state.ts";
import {
  finalTaskRun,
  type FinalTaskRunState,
  type JoinRule,
  joinRules,
  type RelationCondition,
  relationConditions,
  type TaskRunState,
} from "../../../schema/states.ts";
import type { TaskDefinition } from "../../../schema/definition/version.ts";
import { createRandom, type Random } from "../../support/random.ts";
import { quote, readText } from "../../support/sentences.ts";

const GRAPHS = 2_000;
const MAX_TASKS = 300;

interface TestTask {
  readonly enabled: boolean;
  readonly join: JoinRule;
  readonly runsWhenStopped?: boolean;
}
interface TestRelation {
  readonly upstream: number;
  readonly downstream: number;
  readonly condition: RelationCondition;
}
interface Case {
  readonly tasks: readonly TestTask[];
  readonly relations: readonly TestRelation[];
  /** How each task ends if it starts. */
  readonly outcomes: readonly FinalTaskRunState[];
  /** How often each task fails before that, and is tried again. */
  readonly retries: readonly number[];
  readonly graph: Graph;
}

function makeCase(
  tasks: readonly TestTask[],
  relations: readonly TestRelation[],
  outcomes: readonly FinalTaskRunState[],
  retries: readonly number[] = [],
): Case {
  const definitions = tasks.map((task, place) =>
    ({ ...task, name: `t${place}` }) as unknown as TaskDefinition
  );
  return { tasks, relations, outcomes, retries, graph: createGraph({ tasks: definitions, relations }) };
}

function randomCase(random: Random): Case {
  const size = 1 + random.below(random.next() < 0.1 ? MAX_TASKS : 25);
  const tasks = Array.from(
    { length: size },
    () => ({ enabled: random.next() < 0.85, join: random.pick(joinRules) }),
  );
  const names = random.shuffle(Array.from({ length: size }, (_, place) => place));
  const relations: TestRelation[] = [];
  const degree = random.next() * 4;
  for (let place = 1; place < size; place++) {
    const upstreams = new Set(
      Array.from({ length: Math.floor(random.next() * degree) }, () => random.below(place)),
    );
    for (const upstream of upstreams) {
      // Names are shuffled so that a place says nothing about the order.
      relations.push({
        upstream: names[upstream] ?? 0,
        downstream: names[place] ?? 0,
        condition: random.pick(relationConditions),
      });
    }
  }
  const ends = ["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "FAILED", "TIMED_OUT", "CANCELLED"] as const;
  const retries = tasks.map(() => random.next() < 0.2 ? 1 + random.below(3) : 0);
  return makeCase(tasks, relations, tasks.map(() => random.pick(ends)), retries);
}

/** PASSED: disabled, and passed over. */
type NaiveState = FinalTaskRunState | "PASSED";

/** The rules once more, as the documentation words them and as slowly as it likes: a fixed point by plain looping. */
function naiveEnd({ tasks, relations, outcomes }: Case): readonly NaiveState[] {
  const states: (NaiveState | null)[] = tasks.map(() => null);
  const holds = ({ upstream, condition }: TestRelation): boolean | null => {
    const state = states[upstream];
    if (state === null || state === undefined) return null;
    if (condition === "ALWAYS") return true;
    if (condition === "SUCCESS") return state === "SUCCEEDED" || state === "PASSED";
    return state === "FAILED" || state === "TIMED_OUT";
  };
  for (let changed = true; changed;) {
    changed = false;
    tasks.forEach((task, place) => {
      if (states[place] !== null) return;
      const incoming = relations.filter(({ downstream }) => downstream === place).map(holds);
      const starts = incoming.length === 0 ||
        (task.join === "ALL"
          ? incoming.every((held) => held === true)
          : incoming.some((held) => held === true));
      const never = incoming.length > 0 &&
        (task.join === "ALL"
          ? incoming.some((held) => held === false)
          : incoming.every((held) => held === false));
      if (starts) states[place] = task.enabled ? outcomes[place] ?? null : "PASSED";
      else if (never) states[place] = "SKIPPED";
      changed ||= starts || never;
    });
  }
  return states.map((state, place) => state ?? assert.fail(`task ${place} has no end`));
}

/** Of the run, in the same way. */
function naiveRunEnd({ relations }: Case, states: readonly NaiveState[]): string {
  const handled = (place: number): boolean =>
    relations.some(({ upstream, downstream, condition }) =>
      upstream === place && condition === "FAILURE" && states[downstream] === "SUCCEEDED"
    );
  const failed = states.some((state, place) =>
    (state === "FAILED" || state === "TIMED_OUT") && !handled(place)
  );
  if (failed) return "FAILED";
  return states.includes("CANCELLED") ? "CANCELLED" : "SUCCEEDED";
}

/** Plays a run: READY tasks start in any order and end in any order, in batches of any size, some after more tries. */
function play(
  random: Random,
  test: Case,
  maxParallel: number,
  expected: readonly NaiveState[],
): readonly TaskState[] {
  const taskStates: TaskState[] = test.tasks.map(() => ({ state: "PENDING" }));
  const retriesLeft = [...test.retries];
  const follow = (): void => {
    for (const decision of decideNext(test.graph, taskStates, maxParallel, null)) {
      if (decision.kind === "end") taskStates[decision.place] = { state: decision.state };
      else {
        if (decision.kind !== "release") assertMayStart(test, taskStates, decision.place, expected);
        const held = decision.kind === "ready" && !decision.released;
        taskStates[decision.place] = decision.kind === "take"
          ? { state: "RUNNING" }
          : { state: "READY", wait: held ? "HELD" : "RELEASED" };
      }
    }
  };
  follow();
  for (;;) {
    const released = places(
      taskStates,
      ({ state, ...rest }) => state === "READY" && "wait" in rest && rest.wait === "RELEASED",
    );
    for (const place of random.shuffle(released).slice(0, random.below(released.length + 1))) {
      taskStates[place] = { state: "RUNNING" };
      if (maxParallel > 0 || random.next() < 0.3) continue;
      for (const follower of findFollowers(test.graph, place, taskStates, () => random.next() < 0.9)) {
        taskStates[follower] = { state: "PENDING", reserved: true };
      }
    }
    const running = places(taskStates, ({ state }) => state === "RUNNING");
    if (maxParallel > 0) {
      assert.ok(running.length <= maxParallel, `${running.length} run, ${maxParallel} may`);
    }
    const delayed = places(
      taskStates,
      (taskState) => taskState.state === "READY" && taskState.wait === "DELAYED",
    );
    if (running.length + released.length + delayed.length === 0) return taskStates;
    // Its delay is over: then the run's limit decides.
    for (const place of random.shuffle(delayed).slice(0, random.below(delayed.length + 1))) {
      taskStates[place] = { state: "READY", wait: "HELD" };
    }
    for (const place of random.shuffle(running).slice(0, 1 + random.below(running.length))) {
      const left = retriesLeft[place] ?? 0;
      retriesLeft[place] = left - 1;
      taskStates[place] = left > 0
        ? { state: "READY", wait: "DELAYED" }
        : { state: test.outcomes[place] ?? "SUCCEEDED" };
      if (taskStates[place]?.state !== "SUCCEEDED") releaseFollowers(test.graph, taskStates, place);
    }
    follow();
  }
}

function releaseFollowers(graph: Graph, taskStates: TaskState[], place: number): void {
  for (const next of graph.tasks[place]?.outgoing ?? []) {
    if (!isReserved(taskStates[next])) continue;
    taskStates[next] = { state: "PENDING" };
    releaseFollowers(graph, taskStates, next);
  }
}

function places(
  taskStates: readonly TaskState[],
  wanted: (taskState: TaskState) => boolean,
): readonly number[] {
  return taskStates.flatMap((taskState, place) => wanted(taskState) ? [place] : []);
}

/** No task starts before its relations hold: all of them, or one where the join is ANY. */
function assertMayStart(
  test: Case,
  taskStates: readonly TaskState[],
  place: number,
  expected: readonly NaiveState[],
): void {
  const incoming = test.relations.filter(({ downstream }) => downstream === place);
  const holding = incoming.filter(({ upstream, condition }) => {
    const ended = expected[upstream];
    // What is passed over, or never starts, is decided together with what waits for it.
    const over = finalTaskRun(taskStates[upstream]?.state ?? "PENDING") || ended === "PASSED";
    if (!over) return false;
    if (condition === "ALWAYS") return true;
    const wanted: readonly (NaiveState | undefined)[] = condition === "SUCCESS"
      ? ["SUCCEEDED", "PASSED"]
      : ["FAILED", "TIMED_OUT"];
    return wanted.includes(ended);
  });
  if (incoming.length === 0) return;
  assert.ok(test.tasks[place]?.join === "ANY" ? holding.length > 0 : holding.length === incoming.length);
}

Deno.test("decideNext() comes to the same end as a naive reference, whatever the order and batching", () => {
  for (let seed = 1; seed <= GRAPHS; seed++) {
    const random = createRandom(seed);
    const test = randomCase(random);
    const naive = naiveEnd(test);
    const expected = naive.map((state) => state === "PASSED" ? "SKIPPED" : state);

    for (const maxParallel of [0, 1 + random.below(4)]) {
      const taskStates = play(random, test, maxParallel, naive);
      const run = decideRunEnd(test.graph, taskStates, () => quote("because"), null);

      const what = `seed ${seed}, maxParallel ${maxParallel}`;
      assert.deepEqual(taskStates.map(({ state }) => state), expected, what);
      assert.equal(run?.state, naiveRunEnd(test, naive), what);
      assert.ok(run?.state === "SUCCEEDED" || readText(run?.reason) !== "", what);
    }
  }
});

function diamond(outcomes: readonly FinalTaskRunState[], join: JoinRule = "ALL"): Case {
  const task = { enabled: true, join };
  return makeCase([task, task, task, task], [
    { upstream: 0, downstream: 1, condition: "SUCCESS" },
    { upstream: 0, downstream: 2, condition: "SUCCESS" },
    { upstream: 1, downstream: 3, condition: "SUCCESS" },
    { upstream: 2, downstream: 3, condition: "SUCCESS" },
  ], outcomes);
}

Deno.test("decideNext() says which upstream kept a task from starting", () => {
  const test = diamond(["SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED"]);
  const taskStates: TaskState[] = [{ state: "SUCCEEDED" }, { state: "FAILED" }, { state: "RUNNING" }, {
    state: "PENDING",
  }];

  const decisions = decideNext(test.graph, taskStates, 0, null);

  const why = { name: "t1", condition: "SUCCESS", ended: "FAILED" } as const;
  assert.deepEqual(decisions, [
    { place: 3, kind: "end", state: "SKIPPED", reason: say("TASK_WAITED", why) },
  ]);
  assert.equal(textOf(say("TASK_WAITED", why)), 'It waited for "t1" to succeed, which ended failed');
});

Deno.test("decideNext() starts nothing in a stopped run and cancels what waits", () => {
  const test = diamond(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
  const stop: RunStop = { cause: "CANCELLED", reason: quote("Cancelled by ada") };
  const taskStates: TaskState[] = [
    { state: "SUCCEEDED" },
    { state: "RUNNING" },
    { state: "READY", wait: "RELEASED" },
    { state: "PENDING" },
  ];

  const decisions = decideNext(test.graph, taskStates, 0, stop);

  assert.deepEqual(decisions.map(({ place, kind }) => [place, kind]), [[2, "end"], [3, "end"]]);
});

Deno.test("decideNext() lets tasks for stopped runs start once what they wait for has ended", () => {
  const task = { enabled: true, join: "ALL" } as const;
  const cleaner = { ...task, runsWhenStopped: true };
  const always = (upstream: number, downstream: number): TestRelation => ({
    upstream,
    downstream,
    condition: "ALWAYS",
  });
  const test = makeCase(
    [task, task, cleaner, cleaner, cleaner, cleaner],
    [always(0, 2), always(1, 3), { upstream: 1, downstream: 4, condition: "SUCCESS" }],
    [],
  );
  const stop: RunStop = { cause: "CANCELLED", reason: quote("Cancelled by ada") };
  const taskStates: TaskState[] = [
    { state: "RUNNING" },
    { state: "READY", wait: "RELEASED" },
    { state: "PENDING" },
    { state: "PENDING" },
    { state: "PENDING" },
    { state: "READY", wait: "HELD" },
  ];

  const decisions = decideNext(test.graph, taskStates, 2, stop);
  const later = decideNext(
    test.graph,
    final(["CANCELLED", "CANCELLED", "PENDING", "RUNNING", "SKIPPED", "SUCCEEDED"]),
    2,
    stop,
  );

  assert.deepEqual(decisions.map((decision) => [decision.place, decision.kind]), [
    [1, "end"],
    [4, "end"],
    [5, "release"],
    [3, "ready"],
  ]);
  assert.deepEqual(decisions.map((decision) => decision.kind === "end" ? decision.state : null), [
    "CANCELLED",
    "SKIPPED",
    null,
    null,
  ]);
  assert.deepEqual(decisions.at(-1), { place: 3, kind: "ready", released: false });
  assert.deepEqual(later, [{ place: 2, kind: "ready", released: true }]);
});

Deno.test("decideNext() releases no more than maxParallel, counting what runs and what may be claimed", () => {
  const task: TestTask = { enabled: true, join: "ALL" };
  const test = makeCase(
    Array.from({ length: 6 }, () => task),
    [],
    Array.from({ length: 6 }, () => "SUCCEEDED" as const),
  );
  const taskStates: TaskState[] = [
    { state: "RUNNING" },
    { state: "READY", wait: "RELEASED" },
    { state: "READY", wait: "DELAYED" },
    { state: "READY", wait: "HELD" },
    { state: "PENDING" },
    { state: "SUCCEEDED" },
  ];

  const decisions = decideNext(test.graph, taskStates, 3, null);

  assert.deepEqual(decisions, [
    { place: 3, kind: "release" },
    { place: 4, kind: "ready", released: false },
  ]);
});

const final = (states: readonly TaskRunState[]): TaskState[] =>
  states.map((state) => ({ state }) as TaskState);

const endings: readonly {
  readonly name: string;
  readonly states: readonly TaskRunState[];
  readonly relations?: readonly TestRelation[];
  readonly stop?: RunStop;
  readonly state: string | null;
  readonly reason?: string;
}[] = [
  { name: "is open while a task run is not final", states: ["SUCCEEDED", "RUNNING"], state: null },
  { name: "succeeds when all did", states: ["SUCCEEDED", "SUCCEEDED"], state: "SUCCEEDED", reason: "" },
  {
    name: "succeeds with a word when all were skipped",
    states: ["SKIPPED"],
    state: "SUCCEEDED",
    reason: "Every task was skipped",
  },
  {
    name: "fails with the first failed task's reason",
    states: ["SUCCEEDED", "FAILED", "TIMED_OUT"],
    state: "FAILED",
    reason: 'Task "t1" failed: because 1 (and 1 more)',
  },
  {
    name: "succeeds when a FAILURE relation took care of the failure",
    states: ["FAILED", "SUCCEEDED"],
    relations: [{ upstream: 0, downstream: 1, condition: "FAILURE" }],
    state: "SUCCEEDED",
    reason: "",
  },
  {
    name: "fails when what should take care of the failure failed itself",
    states: ["FAILED", "FAILED"],
    relations: [{ upstream: 0, downstream: 1, condition: "FAILURE" }],
    state: "FAILED",
  },
  {
    name: "fails although an ALWAYS relation cleaned up",
    states: ["FAILED", "SUCCEEDED"],
    relations: [{ upstream: 0, downstream: 1, condition: "ALWAYS" }],
    state: "FAILED",
  },
  {
    name: "is cancelled when a task run was",
    states: ["CANCELLED", "SUCCEEDED"],
    state: "CANCELLED",
    reason: 'Task "t0" was cancelled: because 0',
  },
  { name: "fails before it is cancelled", states: ["CANCELLED", "FAILED"], state: "FAILED" },
  {
    name: "is cancelled when it was stopped, whatever failed",
    states: ["FAILED", "CANCELLED"],
    stop: { cause: "REPLACED", reason: quote("Replaced") },
    state: "CANCELLED",
    reason: "Replaced",
  },
  {
    name: "fails when its time limit struck",
    states: ["TIMED_OUT", "CANCELLED"],
    stop: { cause: "TIMED_OUT", reason: quote("Too long") },
    state: "FAILED",
    reason: "Too long",
  },
];

for (const { name, states, relations = [], stop = null, state, reason } of endings) {
  Deno.test(`decideRunEnd() ${name}`, () => {
    const test = makeCase(states.map(() => ({ enabled: true, join: "ALL" })), relations, []);

    const end = decideRunEnd(test.graph, final(states), (place) => quote(`because ${place}`), stop);

    assert.equal(end?.state ?? null, state);
    if (reason !== undefined) assert.equal(readText(end?.reason), reason);
  });
}
