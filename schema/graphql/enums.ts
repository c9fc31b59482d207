/** The closed sets of words of ../states.ts, each word with its meaning. */
import type { EnumRef } from "@pothos/core";
import type {
  AgentHealth,
  AttemptState,
  AuditSource,
  ChangeKind,
  ClockChangeKind,
  JoinRule,
  LogStream,
  MessageKind,
  MisfirePolicy,
  MissedKind,
  MissingTime,
  OfflinePolicy,
  OverlapPolicy,
  PlanAction,
  ProjectRole,
  RelationCondition,
  RepeatedTime,
  RunCause,
  RunState,
  SignInKind,
  SlotOutcome,
  TaskRunState,
  TokenScope,
} from "../states.ts";
import { type ApiTypes, builder } from "./builder.ts";

export const ProjectRoleEnum = words<ProjectRole>(
  "ProjectRole",
  "The role of a member in a project and in all projects below it. In ascending order: VIEWER, OPERATOR, EDITOR, ADMIN. Each role includes the rights of the lower roles.",
  {
    VIEWER: "Can read everything in the project except the values of secrets.",
    OPERATOR: "Can start, stop and retry runs.",
    EDITOR: "Can change containers, variables and secrets, run commands and delete logs.",
    ADMIN: "Can change the project itself: members, agents, tokens, channels and retention.",
  },
);

export const TokenScopeEnum = words<TokenScope>(
  "TokenScope",
  "What an API token may be used for, within the rights of its owner. In ascending order, VIEW, OPERATE, EDIT and ADMINISTER each include the lower scopes. The other scopes include nothing else.",
  {
    VIEW: "Read access.",
    OPERATE: "Start and stop runs.",
    EDIT: "Change containers, variables and secrets, and run commands.",
    ADMINISTER: "Change projects.",
    ENROL_AGENTS: "Call `enrolAgent` only. Agents that are enrolled with the token work for its project.",
    READ_METRICS: "Read /metrics only.",
  },
);

export const SignInKindEnum = words<SignInKind>("SignInKind", "A way to sign in.", {
  OIDC: "Through an OpenID Connect provider.",
  PASSWORD: "With username and password.",
});

export const OverlapPolicyEnum = words<OverlapPolicy>(
  "OverlapPolicy",
  "What happens when a run is asked for while one of the same container is active (QUEUED or RUNNING; runTask's runs do not count). Holds for every cause but CATCH_UP.",
  {
    SKIP: "Do not start: the slot is recorded as skipped, a call is refused with CONFLICT (the default).",
    ALLOW: "Start beside it.",
    QUEUE:
      "Make it QUEUED and start it when the active one ends. One may wait; the next is skipped or refused as with SKIP.",
    REPLACE:
      "Cancel the active one; the new run is QUEUED until it is gone. A newer one replaces one that waits.",
  },
);

export const PlanActionEnum = words<PlanAction>(
  "PlanAction",
  "What a definition file would do to a container.",
  {
    CREATE: "The container does not exist and would be created.",
    UPDATE: "The container would be changed.",
    DELETE:
      "The container exists in the same source but in none of the files, and would be deleted. Only with prune.",
    UNCHANGED: "Nothing would change.",
  },
);

export const MisfirePolicyEnum = words<MisfirePolicy>(
  "MisfirePolicy",
  "What becomes of slots found more than 5 s late (a setting of the server), because no server was up. Within that they are simply fired, cause SCHEDULE.",
  {
    SKIP: "Record them as missed.",
    ONCE: "One CATCH_UP run whose scheduledFor is the newest missed slot; the other slots point to it.",
    ALL:
      "A CATCH_UP run for each, oldest first, one after another, at most maxCatchUp of the container; the rest is recorded as missed.",
  },
);

export const OfflinePolicyEnum = words<OfflinePolicy>(
  "OfflinePolicy",
  "What happens to a task run when the agent that runs it, or the only agent that may run it, is offline. Reports about an abandoned attempt are rejected, and the agent stops its process.",
  {
    FAIL:
      "The attempt becomes LOST after `offlineSeconds` and is retried like a failure. This is the default.",
    REASSIGN:
      "The attempt becomes LOST after `offlineSeconds`, and the task run becomes READY again for any other matching agent. This does not count as a retry and happens at most 10 times. Use it only for tasks that are safe to run twice.",
    WAIT:
      "The attempt stays active until the agent reports, without a time limit of its own. It ends earlier only if the timeout of the task or of the run expires while the agent is offline.",
  },
);

export const AgentHealthEnum = words<AgentHealth>("AgentHealth", "Whether an agent is reachable.", {
  NEVER_SEEN: "The agent is enrolled but has not connected yet.",
  OFFLINE: "The agent has been silent for longer than its lease. Its processes may still be running.",
  ONLINE: "The agent was heard from within its lease.",
});

export const MissingTimeEnum = words<MissingTime>(
  "MissingTime",
  "What becomes of a time that the clocks leave out when they are put forward.",
  {
    SKIP: "It does not fire that day.",
    SHIFT: "It fires once, at the end of the gap (the default).",
  },
);

export const RepeatedTimeEnum = words<RepeatedTime>(
  "RepeatedTime",
  "What becomes of a time that comes twice when the clocks are put back.",
  {
    FIRST: "It fires the first time (the default).",
    SECOND: "It fires the second time.",
    BOTH: "It fires both times.",
  },
);

export const ClockChangeKindEnum = words<ClockChangeKind>(
  "ClockChangeKind",
  "What a change of the clocks has to do with a fire.",
  {
    SHIFTED: "Its own time is left out that day: it stands at the end of the gap.",
    REPEATED: "Its local time comes twice that day; the offset tells which one it is.",
    AFTER_CHANGE: "The first fire after the clocks were changed.",
  },
);

export const SlotOutcomeEnum = words<SlotOutcome>(
  "SlotOutcome",
  "What became of an instant that a schedule named.",
  {
    FIRED: "It made a run.",
    SKIPPED: "It made none; the reason says why, such as overlap or a container without tasks.",
    MISSED: "No server was up, and the misfire policy did not catch up with it.",
    CAUGHT_UP: "No server was up; a CATCH_UP run stands for it.",
  },
);

export const MissedKindEnum = words<MissedKind>(
  "MissedKind",
  "Why a slot is among those that did not run as they should.",
  {
    LATE: "It has a run, none of whose tasks had started within the container's lateAfterSeconds.",
    MISSED: "It passed without a run, because no server was up.",
    SKIPPED: "It was not started; the reason says why.",
  },
);

export const JoinRuleEnum = words<JoinRule>(
  "JoinRule",
  "Whether all incoming relations must hold, or one is enough.",
  {
    ALL: "Starts when all hold; SKIPPED as soon as one cannot.",
    ANY: "Starts when the first holds; SKIPPED when none can.",
  },
);

export const RelationConditionEnum = words<RelationCondition>(
  "RelationCondition",
  "When the downstream task may start, given how the upstream one ended.",
  {
    SUCCESS: "The upstream task SUCCEEDED, or is disabled and passed through.",
    FAILURE: "The upstream task ended as FAILED or TIMED_OUT, with no retry left.",
    ALWAYS: "The upstream task ended, however.",
  },
);

export const MessageKindEnum = words<MessageKind>(
  "MessageKind",
  "What a message tells of.",
  {
    RUN_FAILED: "A run FAILED.",
    SLOT_MISSED: "Slots of a schedule passed without a run, because no server was up.",
    RUN_LATE: "A run that the schedule named started later than its container allows.",
    RUN_RECOVERED: "The first run that SUCCEEDED after one that FAILED.",
    CONTAINER_CHANGED: "Somebody made, changed, switched or deleted a container. Not told to who did it.",
  },
);

export const RunStateEnum = words<RunState>(
  "RunState",
  "Where a run is. QUEUED and RUNNING are active; the others are final and never change.",
  {
    QUEUED: "Waits for another run of the same container to end, as the overlap policy says.",
    RUNNING: "Tasks run or wait for their turn.",
    SUCCEEDED: "No failure was left unhandled; the reason says so when everything was skipped.",
    FAILED:
      "A task failed or timed out and no FAILURE relation led on to a success, or the run's own timeout struck.",
    CANCELLED: "Stopped by somebody, replaced by a newer run, or one of its tasks was cancelled.",
  },
);

export const RunCauseEnum = words<RunCause>(
  "RunCause",
  "Why a run was made.",
  {
    SCHEDULE: "Its schedule named the instant.",
    MANUAL: "By a person: a call with a session cookie.",
    API: "By a program: a call with a bearer token.",
    RETRY: "retryRun repeated an earlier run.",
    CATCH_UP: "Its slot was missed while no server was up; the misfire policy made it later.",
  },
);

export const TaskRunStateEnum = words<TaskRunState>(
  "TaskRunState",
  "Where a task run is. A final state is published only after everything that the process group wrote is stored, or named as cut.",
  {
    PENDING: "Waits for upstream tasks.",
    READY: "All relations hold; waits for a free slot, a retry delay or an agent.",
    RUNNING: "An attempt is under way.",
    SUCCEEDED: "The last attempt exited with 0.",
    FAILED:
      "The last attempt exited with another code or by a signal, or could not be started; no retry is left.",
    TIMED_OUT: "The last attempt, or the whole run, took longer than its limit; no retry is left.",
    CANCELLED: "Stopped by somebody, before or while it ran.",
    SKIPPED:
      "Never started: an upstream ended the wrong way, or the task is disabled. The reason says which.",
  },
);

export const AttemptStateEnum = words<AttemptState>(
  "AttemptState",
  "Where an attempt is: one process, or none when it could not be started.",
  {
    STARTING: "Given to an agent; no process is known yet.",
    RUNNING: "Its process runs.",
    SUCCEEDED: "Exited with 0.",
    FAILED: "Exited with another code or by a signal, or could not be started.",
    TIMED_OUT: "Stopped, because the task's timeoutSeconds were over.",
    CANCELLED: "Stopped, because somebody or the run's end said so.",
    LOST: "The machine restarted under it, or its agent was given up.",
  },
);

export const LogStreamEnum = words<LogStream>(
  "LogStream",
  "Who wrote a line.",
  {
    STDOUT: "The process, on its standard output.",
    STDERR: "The process, on its standard error.",
    SYSTEM: "The scheduler, to say what cannot be seen from the output, such as a gap.",
  },
);

export const AuditSourceEnum = words<AuditSource>(
  "AuditSource",
  "The kind of client that performed an action.",
  {
    AGENT: "An agent with its own token.",
    API: "A client with an API token.",
    CONSOLE: "A browser with a session.",
    SERVER: "The server itself, or its command line.",
  },
);

export const ChangeKindEnum = words<ChangeKind>(
  "ChangeKind",
  "What became of a container.",
  { CREATED: "It was made.", UPDATED: "It, a task or a relation of it changed.", DELETED: "It is gone." },
);

/** One text for each word of the tuple in ../states.ts: a word without a text does not compile. */
function words<Word extends string>(
  name: string,
  description: string,
  texts: Readonly<Record<Word, string>>,
): EnumRef<ApiTypes, Word> {
  const values = Object.entries<string>(texts).map(([word, text]) => [word, { description: text }]);
  // fromEntries forgets that the keys are the words.
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(values) as Record<Word, { description: string }>,
  }) as unknown as EnumRef<ApiTypes, Word>;
}
