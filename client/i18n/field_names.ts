/** What a field of the API is called on the forms. */
import type { Dictionary } from "./en.ts";

const names: { readonly [Field in string]?: (words: Dictionary) => string } = {
  name: ({ task }) => task.name,
  command: ({ task }) => task.command,
  description: ({ task }) => task.description,
  shell: ({ task }) => task.shell,
  directory: ({ task }) => task.directory,
  environment: ({ task }) => task.environment,
  enabled: ({ task }) => task.enabled,
  timeoutSeconds: ({ task }) => task.timeout,
  killGraceSeconds: ({ task }) => task.killGrace,
  maxRetries: ({ task }) => task.retries,
  retryDelaySeconds: ({ task }) => task.retryDelay,
  join: ({ task }) => task.join,
  keepLogs: ({ task }) => task.keepLogs,
  mergeOutput: ({ task }) => task.mergeOutput,
  expression: ({ schedule }) => schedule.expression,
  timezone: ({ schedule }) => schedule.timezone,
  overlap: ({ schedule }) => schedule.overlap,
  misfire: ({ schedule }) => schedule.misfire,
  maxParallel: ({ settings }) => settings.maxParallel,
  priority: ({ settings }) => settings.priority,
};

/** A field that is on no form is called as the API calls it. */
export function fieldName(words: Dictionary, field: string): string {
  return (Object.hasOwn(names, field) ? names[field]?.(words) : undefined) ?? field;
}
