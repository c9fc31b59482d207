/** The last lines of a task: stored ones first, then as they are written; the end is followed until somebody reads. */
import { type Accessor, createEffect, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import { openUncachedClient } from "../graphql/client.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { plainStyle } from "../logs/ansi.ts";
import { followAfterLines, followAfterScroll, followingEnd } from "../logs/following_state.ts";
import { createLogReader } from "../logs/log_reader.ts";
import { type LogLine, partialAfter } from "../logs/log_state.ts";
import { createReadingHand } from "../logs/reading_hand.ts";
import { LineText, StreamMark } from "../logs/LineText.tsx";
import { ArrowDownToLineIcon } from "../ui/icons.ts";
import { addLines, READ_LINES, type Tail, TAIL_LINES, takeStored } from "./tail_state.ts";
import { useTails } from "./tails.ts";

export function LiveOutput(props: { readonly taskRunId: string; readonly name: string }): JSX.Element {
  const t = useTexts();
  let scroller: HTMLDivElement | undefined;
  let lastTop = 0;
  const { clock } = useServices();
  const hand = createReadingHand(clock);
  const [following, setFollowing] = createSignal(followingEnd);
  const follows = (): boolean => following().follow;
  const { tail, partial, fault } = createTail(props.taskRunId, follows, (added) => {
    setFollowing((state) => followAfterLines(state, added));
  });
  const toEnd = (): void => {
    setFollowing(followingEnd);
    if (scroller !== undefined) scroller.scrollTop = scroller.scrollHeight;
  };
  createEffect(on([tail, partial], () => {
    if (follows()) toEnd();
  }));
  const scrolled = (): void => {
    if (scroller === undefined) return;
    const { scrollTop: top, scrollHeight: contentHeight, clientHeight: height } = scroller;
    setFollowing((state) => followAfterScroll(state, lastTop, { top, height, contentHeight }, hand.now()));
    lastTop = top;
  };
  /** Lines that come must not pull the view back from under the reader's hand. */
  const touched = (event: Event): void => {
    if (hand.note(event) === "up" && lastTop > 0) setFollowing((state) => ({ ...state, follow: false }));
  };
  return (
    <div class="live-output">
      <div
        ref={(element) => (scroller = element)}
        class="live-lines"
        role="log"
        aria-live="off"
        aria-label={t("log.title", props.name)}
        tabindex="0"
        onScroll={scrolled}
        onWheel={touched}
        onTouchMove={touched}
        onPointerDown={touched}
        onKeyDown={touched}
      >
        <Show when={fault()}>{(message) => <p class="live-none">{message()}</p>}</Show>
        <Show when={tail().length + partial().length === 0 && fault() === null}>
          <p class="live-none">{t("log.waiting")}</p>
        </Show>
        <For each={tail()}>
          {(line) => (
            <>
              <Show when={line.missing > 0}>
                <div class="live-gap">{t("live.missing", line.missing)}</div>
              </Show>
              <div class="live-line" data-stream={line.stream} data-seq={line.seq}>
                <StreamMark stream={line.stream} />
                <span class="log-text">
                  <LineText text={line.text} style={line.style} />
                </span>
              </div>
            </>
          )}
        </For>
        <For each={partial()}>
          {(line) => (
            <div class="live-line" data-stream={line.stream}>
              <StreamMark stream={line.stream} partial />
              <span class="log-text">
                <LineText text={line.text} style={plainStyle} />
              </span>
            </div>
          )}
        </For>
      </div>
      <Show when={!follows()}>
        <button type="button" class="button log-end" onClick={toEnd}>
          <ArrowDownToLineIcon size={14} />
          {t("log.newLines", following().unseen)}
        </button>
      </Show>
    </div>
  );
}

function createTail(
  taskRunId: string,
  follows: () => boolean,
  added: (count: number) => void,
): {
  readonly tail: Accessor<Tail>;
  readonly partial: Accessor<readonly LogLine[]>;
  readonly fault: Accessor<string | null>;
} {
  const { session, texts } = useServices();
  const tails = useTails();
  const client = openUncachedClient({ ended: session.ended, words: texts.ready });
  const reader = createLogReader(client, taskRunId, () => texts.t("faults.outputGone"));
  const [tail, setTail] = createSignal<Tail>([]);
  const [partial, setPartial] = createSignal<readonly LogLine[]>([]);
  const [fault, setFault] = createSignal<string | null>(null);
  let gone = false;
  const most = (): number => follows() ? TAIL_LINES : READ_LINES;
  const take = (change: (tail: Tail) => Tail): void => {
    const before = tail();
    const after = setTail(change(before));
    const last = before.at(-1);
    const known = last === undefined ? -1 : after.findLastIndex((line) => line.seq === last.seq);
    if (after !== before) added(after.length - known - 1);
  };
  const readStored = async (): Promise<void> => {
    try {
      const page = await reader.page({ last: TAIL_LINES });
      if (gone) return;
      setFault(null);
      take((held) => takeStored(held, page.edges.map(({ node }) => node), most()));
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  onCleanup(() => (gone = true));
  onCleanup(tails.listen(taskRunId, (lines: readonly LogLine[]) => {
    setPartial((standing) => partialAfter(standing, lines));
    take((held) => addLines(held, lines.filter((line) => !line.partial), most()));
  }));
  // At once, and whenever lines begin to come: what was written before is read from what is stored.
  createEffect(on(tails.begun, () => void readStored()));
  return { tail, partial, fault };
}
