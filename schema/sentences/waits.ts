/** Why something is not running yet. */

export const waitCauses = {
  WAITS_FOR_RUN: () => "It is queued until the run of its container that runs now has ended",
  WAITS_IN_QUEUE: () => "It is queued behind an earlier run of its container that waits itself",
  WAITS_FOR_TASKS: ({ names, more }: { readonly names: readonly string[]; readonly more: number }) =>
    `It waits for the end of ${names.map((name) => `"${name}"`).join(", ")}${
      more > 0 ? ` and ${more} more` : ""
    }`,
  WAITS_FOR_RETRY: ({ failed, until }: { readonly failed: number; readonly until: string }) =>
    `Attempt ${failed} failed; attempt ${failed + 1} may start at ${until}`,
  WAITS_FOR_LIMIT: ({ limit }: { readonly limit: number }) =>
    `The run may have ${limit === 1 ? "1 task" : `${limit} tasks`} running at once`,
  WAITS_FOR_TIME: ({ until }: { readonly until: string }) => `It was asked for at ${until}`,
  WAITS_FOR_PAUSE: ({ reason }: { readonly reason: string }) => `Paused: ${reason}`,
  WAITS_FOR_AGENT: (
    { labels, candidates }: { readonly labels: readonly string[]; readonly candidates: number },
  ) =>
    candidates === 0 && labels.length > 0
      ? `No agent of the project has all of the labels ${labels.join(", ")}`
      : candidates === 0
      ? "No agent works for the project"
      : candidates === 1
      ? "The only agent that may run it is offline or accepts no work"
      : `None of the ${candidates} agents that may run it is online and accepts work`,
  WAITS_FOR_SLOT: ({ running, capacity }: { readonly running: number; readonly capacity: number }) =>
    running < capacity
      ? `${running} of ${capacity} slots are taken: it starts in a moment`
      : `All ${capacity} slots are taken`,
} as const;
