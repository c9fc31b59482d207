/** Why a task run or a run that is not final is not running. */
import { builder } from "./builder.ts";
import { sentenceFields } from "./sentence_fields.ts";
import type { Wait } from "../../server/domain/runs/interface.ts";
import { Agent } from "./agent.ts";
import { Run } from "./run.ts";
import { TaskRun } from "./task_run.ts";

type WaitOf<Kind extends Wait["kind"]> = Extract<Wait, { readonly kind: Kind }>;

const MESSAGE = "A sentence for people.";
const message = sentenceFields("message", false);
const FIRST_50 = "at most 50";

const WaitingForUpstream = builder.objectRef<WaitOf<"WaitingForUpstream">>("WaitingForUpstream").implement({
  description: "Tasks that it waits for have not ended.",
  fields: (t) => ({
    message: t.string({ ...message.text, description: MESSAGE }),
    messageKey: t.string(message.key),
    messageValues: t.field(message.values),
    taskRuns: t.field({
      type: [TaskRun],
      description: "Those right before it that are not final, in the order of the tasks.",
      resolve: ({ taskRunIds }) => taskRunIds.map((id) => ({ id })),
    }),
  }),
});

const WaitingForSlot = builder.objectRef<WaitOf<"WaitingForSlot">>("WaitingForSlot").implement({
  description: "It may start as soon as an agent has room for a process.",
  fields: (t) => ({
    message: t.string({ ...message.text, description: MESSAGE }),
    messageKey: t.string(message.key),
    messageValues: t.field(message.values),
    capacity: t.exposeInt("capacity", {
      description: "Processes that all agents that are online run at once.",
    }),
    heldBy: t.field({
      type: [TaskRun],
      description: `Task runs that run now, the one that runs longest first, ${FIRST_50}.`,
      resolve: ({ heldBy }) => heldBy.map((id) => ({ id })),
    }),
  }),
});

const WaitingForRetry = builder.objectRef<WaitOf<"WaitingForRetry">>("WaitingForRetry").implement({
  description: "An attempt failed, and the delay before the next one is not over.",
  fields: (t) => ({
    message: t.string({ ...message.text, description: MESSAGE }),
    messageKey: t.string(message.key),
    messageValues: t.field(message.values),
    until: t.expose("until", { type: "DateTime", description: "When the next attempt may start." }),
    attempt: t.exposeInt("attempt", { description: "Number of the next attempt, from 2." }),
  }),
});

const WaitingForAgent = builder.objectRef<WaitOf<"WaitingForAgent">>("WaitingForAgent").implement({
  description: "No agent that may run it is online and accepts work.",
  fields: (t) => ({
    labels: t.exposeStringList("labels", { description: "Labels that an agent must have to run the task." }),
    candidates: t.field({
      type: [Agent],
      description:
        "Agents of the project that have all required labels. None of them is online and accepts work. At most 50. Empty if no agent has the labels.",
      resolve: ({ candidateIds }) => candidateIds.map((id) => ({ id })),
    }),
    message: t.string({ ...message.text, description: MESSAGE }),
    messageKey: t.string(message.key),
    messageValues: t.field(message.values),
  }),
});

const WaitingForRunLimit = builder.objectRef<WaitOf<"WaitingForRunLimit">>("WaitingForRunLimit").implement({
  description: "As many of the run's tasks as its container's maxParallel allows are running, or about to.",
  fields: (t) => ({
    message: t.string({ ...message.text, description: MESSAGE }),
    messageKey: t.string(message.key),
    messageValues: t.field(message.values),
    limit: t.exposeInt("limit", { description: "The run's maxParallel." }),
    heldBy: t.field({
      type: [TaskRun],
      description: `Task runs of the same run that count, ${FIRST_50}.`,
      resolve: ({ heldBy }) => heldBy.map((id) => ({ id })),
    }),
  }),
});

const WaitingForRun = builder.objectRef<WaitOf<"WaitingForRun">>("WaitingForRun").implement({
  description: "The run is QUEUED behind another one of its container.",
  fields: (t) => ({
    message: t.string({ ...message.text, description: MESSAGE }),
    messageKey: t.string(message.key),
    messageValues: t.field(message.values),
    run: t.field({
      type: Run,
      description: "The run that has to end first.",
      resolve: ({ runId }) => ({ id: runId }),
    }),
  }),
});

const WaitingForTime = builder.objectRef<WaitOf<"WaitingForTime">>("WaitingForTime").implement({
  description: "The run was asked for at a later time.",
  fields: (t) => ({
    message: t.string({ ...message.text, description: MESSAGE }),
    messageKey: t.string(message.key),
    messageValues: t.field(message.values),
    until: t.expose("until", { type: "DateTime", description: "When it may start." }),
  }),
});

const WaitingForPause = builder.objectRef<WaitOf<"WaitingForPause">>("WaitingForPause").implement({
  description: "Its project, or everything, is paused.",
  fields: (t) => ({
    message: t.string({ ...message.text, description: MESSAGE }),
    messageKey: t.string(message.key),
    messageValues: t.field(message.values),
    reason: t.exposeString("reason", { description: "Why, as whoever paused said." }),
  }),
});

const WaitingFor = builder.unionType("WaitingFor", {
  description: "Why something that is not final is not running.",
  types: [
    WaitingForUpstream,
    WaitingForSlot,
    WaitingForRetry,
    WaitingForAgent,
    WaitingForRunLimit,
    WaitingForRun,
    WaitingForTime,
    WaitingForPause,
  ],
  resolveType: ({ kind }) => kind,
});

builder.drizzleObjectField(TaskRun, "waitingFor", (t) =>
  t.field({
    type: WaitingFor,
    nullable: true,
    description: "Why it is PENDING or READY and does not run; null once it runs or is final.",
    select: { columns: { id: true } },
    resolve: ({ id }, _args, { app, visible }) => app.waits.ofTaskRun(visible, id),
  }));

builder.drizzleObjectField(Run, "waitingFor", (t) =>
  t.field({
    type: WaitingFor,
    nullable: true,
    description: "Why it is QUEUED; null once it runs or is final, and in the moment before it starts.",
    select: { columns: { id: true } },
    resolve: ({ id }, _args, { app, visible }) => app.waits.ofRun(visible, id),
  }));
