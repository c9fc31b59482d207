/** The fields of a task. */
import {
  defaultsOf,
  field,
  type Fields,
  loudFields,
  type NamesWith,
  type Position,
  type Values,
} from "./field.ts";
import { DESCRIPTION_CHARACTERS, MAX_SECONDS, NAME_CHARACTERS } from "./container.ts";

/** The kernel takes 128 KiB in one argument; the wrapper needs some of it. */
const COMMAND_KIB = 120;
const ENVIRONMENT_KIB = 128;
const PATH_BYTES = 4000;
const MAX_REQUIRED_LABELS = 20;
const USER_CHARACTERS = 256;

export const taskFields = {
  name: field(
    { kind: "name", max: NAME_CHARACTERS, label: "task.name" },
    `1 to ${NAME_CHARACTERS} characters, unique inside its container.`,
  ),
  description: field(
    { kind: "description", default: "", max: DESCRIPTION_CHARACTERS, quiet: true, label: "task.description" },
    "For people; may be empty.",
  ),
  command: field(
    { kind: "command", max: COMMAND_KIB * 1024, agent: true, label: "task.command" },
    `Given to the shell as \`shell -c command\`; may have several lines, at most ${COMMAND_KIB} KiB.`,
  ),
  shell: field(
    { kind: "path", default: "/bin/bash", max: PATH_BYTES, agent: true, label: "task.shell" },
    "Path of the shell on the agent's machine.",
  ),
  directory: field(
    { kind: "path", default: null, max: PATH_BYTES, agent: true, label: "task.directory" },
    "Working directory; null = the agent's own work folder.",
  ),
  runAs: field(
    { kind: "path", default: null, max: USER_CHARACTERS, agent: true, label: "task.runAs" },
    "The user that runs the command; null for the user of the agent. Only names that the agent was started with; set by ADMIN.",
  ),
  environment: field(
    { kind: "variables", default: {}, max: ENVIRONMENT_KIB * 1024, agent: true, label: "task.environment" },
    `Variables of the process: an object of strings, ${ENVIRONMENT_KIB} KiB in all; no name may begin with ORRERY_.`,
  ),
  enabled: field(
    { kind: "boolean", default: true, label: "task.enabled" },
    "A disabled task is SKIPPED and passed through: when it could have started, its SUCCESS and ALWAYS relations hold.",
  ),
  timeoutSeconds: field(
    { kind: "integer", default: 0, min: 0, max: MAX_SECONDS, agent: true, label: "task.timeout" },
    "Limit for one attempt; 0 = none. At the limit the whole process group gets SIGTERM, after killGraceSeconds SIGKILL.",
  ),
  killGraceSeconds: field(
    { kind: "integer", default: 10, min: 0, max: 24 * 3600, agent: true, label: "task.killGrace" },
    "How long the process group has between SIGTERM and SIGKILL.",
  ),
  maxRetries: field(
    { kind: "integer", default: 0, min: 0, max: 100, label: "task.retries" },
    "How often an attempt is retried. Timeouts, lost attempts and failed starts are retried like failures; cancelled ones never.",
  ),
  retryDelaySeconds: field(
    { kind: "integer", default: 5, min: 0, max: MAX_SECONDS, label: "task.retryDelay" },
    "Wait before the first retry; doubles each time, at most an hour.",
  ),
  join: field(
    { kind: "JoinRule", default: "ALL", label: "task.join" },
    "Which of its incoming relations must hold.",
  ),
  runsWhenStopped: field(
    { kind: "boolean", default: false, label: "task.runsWhenStopped" },
    "True: the task runs, or goes on, also in a run that is cancelled, replaced or past its time limit, once its relations hold: " +
      "by ALWAYS they do when the task before has ended. cancelTaskRun stops it. A run that was still QUEUED starts none.",
  ),
  requiredLabels: field(
    { kind: "labels", default: [], max: MAX_REQUIRED_LABELS, label: "task.requiredLabels" },
    `Labels that an agent must have to run the task. An empty list allows any agent of the project. At most ${MAX_REQUIRED_LABELS}.`,
  ),
  offline: field(
    { kind: "OfflinePolicy", default: "FAIL", label: "task.offline" },
    "The policy to apply when the agent of a task run is offline.",
  ),
  offlineSeconds: field(
    { kind: "integer", default: 300, min: 30, max: MAX_SECONDS, label: "task.offlineSeconds" },
    "How long the agent may be silent before the `offline` policy applies, in seconds. Time during which no server was running does not count.",
  ),
  keepLogs: field(
    { kind: "boolean", default: true, label: "task.keepLogs" },
    "False: output is shown live, from now on, and dropped.",
  ),
  mergeOutput: field(
    { kind: "boolean", default: false, agent: true, label: "task.mergeOutput" },
    "True: standard error goes where standard output goes, so that their order is exact and every line is STDOUT. " +
      "False: they are told apart, and between the two the order is kept as well as two pipes would.",
  ),
  position: field(
    { kind: "position", default: { x: 0, y: 0 }, quiet: true, label: "task.position" },
    "Where it is drawn; left out: where it was, a new task at 0, 0.",
  ),
};

export type TaskFields = typeof taskFields;
/** A task's fields as they are stored: its position as two numbers. */
export type TaskValues = Omit<Values<TaskFields>, "position"> & Position;
/** What an agent is given of a task. */
export type AgentValues = Pick<TaskValues, NamesWith<TaskFields, "agent">>;

const { position, ...defaults } = defaultsOf(taskFields);
/** Of a new task, all but its name and its command. */
export const taskDefaults = { ...defaults, ...position };

const loud = loudFields(taskFields);

/** Whether people read a stored value and no run goes by it. */
export function isQuietTaskValue(name: string): boolean {
  return !(name in loud);
}

export function agentValues(task: AgentValues): AgentValues {
  const fields: Fields = taskFields;
  // The names are those of the type.
  return Object.fromEntries(
    Object.entries(task).filter(([name]) => fields[name]?.agent),
  ) as unknown as AgentValues;
}
