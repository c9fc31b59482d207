/** Attempts: the processes of a task run. */
import { builder } from "./builder.ts";
import { sentenceFields } from "./sentence_fields.ts";
import { AttemptStateEnum } from "./enums.ts";
import { NodeInterface } from "./node.ts";

const reason = sentenceFields("reason", true);

export const Attempt = builder.drizzleObject("attempts", {
  name: "Attempt",
  description: "One process, or none when it could not be started.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    number: t.exposeInt("number", { description: "From 1." }),
    state: t.expose("state", { type: AttemptStateEnum, description: "Where it is." }),
    reason: t.string({
      ...reason.text,
      description: "Why it ended as it did, for people; null when there is nothing to say.",
    }),
    reasonKey: t.string(reason.key),
    reasonValues: t.field(reason.values),
    exitCode: t.exposeInt("exitCode", {
      nullable: true,
      description: "The shell's exit code; null while it runs and when there was none.",
    }),
    signal: t.exposeString("signal", {
      nullable: true,
      description: "Signal that ended the process, e.g. SIGKILL; null when none did.",
    }),
    startedAt: t.expose("startedAt", {
      type: "DateTime",
      nullable: true,
      description: "When the process was started; null when there is none yet, or never was.",
    }),
    finishedAt: t.expose("finishedAt", {
      type: "DateTime",
      nullable: true,
      description: "When its process group was gone; null before.",
    }),
    agent: t.relation("agent", { nullable: true, description: "Where it runs or ran." }),
  }),
});
