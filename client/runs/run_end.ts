/** What is said when a run ends under the eyes of somebody, or behind a page that nobody sees. */
import { type Accessor, createEffect, on, onCleanup } from "solid-js";
import { finalRun, type FinalRunState } from "../../schema/states.ts";
import { useStreams } from "../graphql/streams.ts";
import { useServerWords } from "../lib/server_words.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { elapsedMs, formatDuration } from "../lib/time.ts";
import { createEndNotices, type EndNotices } from "./end_notices.ts";
import type { Toasts } from "../ui/toasts.ts";
import type { ShownRun } from "./run_state.ts";

const endToasts = { SUCCEEDED: "good", FAILED: "bad", CANCELLED: "neutral" } as const satisfies {
  readonly [S in FinalRunState]: keyof Toasts;
};

export function createRunEnd(run: Accessor<ShownRun>): EndNotices {
  const { clock, memory, toasts } = useServices();
  const streams = useStreams();
  const t = useTexts();
  const say = useServerWords();
  const page = {
    get hidden(): boolean {
      return document.hidden;
    },
    focus: () => globalThis.focus(),
  };
  const notices = createEndNotices(memory, page, globalThis.Notification);
  createEffect(on(() => run().state, (state, before) => {
    if (before === undefined || finalRun(before) || !finalRun(state)) return;
    const { startedAt, createdAt, finishedAt, containerName } = run();
    const time = formatDuration(elapsedMs(startedAt ?? createdAt, finishedAt, clock()) ?? 0);
    const text = t(`runEnd.${state}`, containerName, time);
    toasts[endToasts[state]](text);
    notices.tell(text, say(run(), "reason"));
  }));
  // Whoever waits for the end behind another tab needs the stream that tells it.
  createEffect(() => {
    if (notices.state() === "on" && !finalRun(run().state)) onCleanup(streams.hold());
  });
  return notices;
}
