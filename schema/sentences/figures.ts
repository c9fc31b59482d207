/** Refused arguments of lists and figures. */

interface Span {
  readonly least: number;
  readonly most: number;
}

export const figureSentences = {
  FIGURES_FIRST: ({ first, most }: { readonly first: number; readonly most: number }) =>
    `Cannot tell figures of ${first} containers: first is 0 to ${most}`,
  FIGURES_DAYS: ({ days, most }: { readonly days: number; readonly most: number }) =>
    `Cannot tell figures of ${days} days: days is 1 to ${most}`,
  HOST_AGENT_UNKNOWN: () => "Cannot tell host figures: there is no agent with this id",
  HOST_AGENT_ELSEWHERE: ({ name }: { readonly name: string }) =>
    `Cannot tell host figures: agent "${name}" is not on this server's machine`,
  HOST_MINUTES: ({ minutes, most }: { readonly minutes: number; readonly most: number }) =>
    `Cannot tell host history of ${minutes} minutes: minutes is 1 to ${most}`,
  HOST_SECONDS: ({ seconds, least, most }: Span & { readonly seconds: number }) =>
    `Cannot watch host every ${seconds} seconds: everySeconds is ${least} to ${most}`,
  UPCOMING_OUTSIDE: (
    { argument, least, most, value }: Span & { readonly argument: string; readonly value: number },
  ) => `Cannot list upcoming fires: ${argument} is ${least} to ${most}, not ${value}`,
  SLOTS_FIRST: (
    { first, what, most }: {
      readonly first: number;
      readonly what: "slots" | "slots that did not run";
      readonly most: number;
    },
  ) => `Cannot list ${first} ${what}: first is 0 to ${most}`,
  RECENT_COUNT: ({ count, most }: { readonly count: number; readonly most: number }) =>
    `Cannot list ${count} recent runs: count is 0 to ${most}`,
  FIRES_COUNT: ({ count, most }: { readonly count: number; readonly most: number }) =>
    `Cannot tell ${count} fire times: count is 0 to ${most}`,
  TASK_RUN_IDS: ({ count, most }: { readonly count: number; readonly most: number }) =>
    `Cannot list task runs: ${count} ids are more than ${most}`,
  CONTAINER_UNNAMED: () => "Cannot find container: neither id nor name is given",
  SEARCH_TEXT: ({ field, most }: { readonly field: string; readonly most: number }) =>
    `Cannot search: ${field} has a NUL character or more than ${most} characters`,
  PAGE_BOTH_ENDS: () => "Cannot read page: first and last are given together",
  PAGE_SIZE: (
    { argument, size, most }: { readonly argument: string; readonly size: number; readonly most: number },
  ) => `Cannot read page: ${argument} ${size}: it is a whole number from 0 to ${most}`,
  PAGE_CURSOR: ({ argument }: { readonly argument: string }) =>
    `Cannot read page: ${argument} is not a cursor of this list`,
} as const;
