/** A container of three tasks in a row, for tests of the editor. */
import { type ContainerDraft, type Definition, draftOf } from "../../../client/containers/container_draft.ts";

export function definition(): Definition {
  const task = {
    description: "",
    command: "true",
    shell: "/bin/bash",
    directory: null,
    environment: {},
    enabled: true,
    timeoutSeconds: 0,
    killGraceSeconds: 10,
    maxRetries: 0,
    retryDelaySeconds: 5,
    join: "ALL",
    keepLogs: true,
    mergeOutput: false,
    position: { x: 1, y: 2 },
  } as const;
  return {
    id: "container",
    name: "Report",
    description: "",
    enabled: true,
    expression: null,
    timezone: "UTC",
    overlap: "SKIP",
    misfire: "ONCE",
    dst: { missing: "SHIFT", repeated: "FIRST" },
    lateAfterSeconds: 300,
    maxCatchUp: 100,
    timeoutSeconds: 0,
    maxParallel: 0,
    priority: 0,
    version: 4,
    nextFires: [],
    tasks: [
      { ...task, id: "a", name: "first", environment: { TEXT: "one\ntwo=2" } },
      { ...task, id: "b", name: "second" },
      { ...task, id: "c", name: "third" },
    ],
    relations: [
      { id: "ab", upstream: { id: "a" }, downstream: { id: "b" }, condition: "SUCCESS" },
      { id: "bc", upstream: { id: "b" }, downstream: { id: "c" }, condition: "SUCCESS" },
    ],
  };
}

export function draft(): ContainerDraft {
  return draftOf(definition());
}
