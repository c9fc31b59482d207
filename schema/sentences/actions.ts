/** What somebody wanted to do, as refusals name it after "Cannot". */
export const actions = [
  "add user",
  "cancel a run",
  "cancel run",
  "cancel task run",
  "change a container",
  "change a project",
  "change the password",
  "copy container",
  "create API token",
  "create container",
  "create relation",
  "create task",
  "delete container",
  "delete logs",
  "delete relation",
  "delete task",
  "list upcoming fires",
  "list what did not run",
  "move tasks",
  "pause",
  "read how much is stored",
  "restore version",
  "resume",
  "revoke another person's token",
  "run again",
  "run task",
  "save container",
  "sign in",
  "simulate",
  "set a password",
  "start a run",
  "start run",
  "tell figures",
  "update container",
  "update relation",
  "update task",
  "watch log",
  "watch run",
] as const;
export type Action = typeof actions[number];

/** What most refusals say first. */
export interface Refused {
  readonly action: Action;
}
