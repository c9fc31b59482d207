/** The faces of a view that has nothing to show: it is being read, it is empty, it failed. */
import { For, type JSX, Show } from "solid-js";
import type { LiveQuery } from "../graphql/live_query.ts";
import { faultMessage, isRefused } from "../graphql/refusals.ts";
import { useTexts } from "../lib/services.ts";
import type { Tone } from "../lib/states.ts";
import { CircleAlertIcon } from "./icons.ts";
import { Mark } from "./Mark.tsx";

/** Rows to come. They appear only after 150 ms, so that a quick answer does not flicker. */
export function Skeleton(props: { readonly rows?: number }): JSX.Element {
  const t = useTexts();
  const widths = ["38%", "52%", "44%", "61%", "35%", "48%"];
  return (
    <div class="skeleton" role="status" aria-label={t("common.loading")}>
      <For each={Array.from({ length: props.rows ?? 6 }, (_row, index) => widths[index % widths.length])}>
        {(width) => (
          <div class="skeleton-row">
            <div class="skeleton-bar" style={{ width }} />
          </div>
        )}
      </For>
    </div>
  );
}

/** Runs along the upper edge of rows that are read again, and takes no room of its own. */
export function RefreshLine(props: { readonly shown: boolean }): JSX.Element {
  return (
    <div class="progress-place">
      <Show when={props.shown}>
        <div class="progress" />
      </Show>
    </div>
  );
}

/** Nothing is here, and what to do about it. */
export function Blank(props: {
  readonly title: string;
  readonly text: string;
  readonly children?: JSX.Element;
}): JSX.Element {
  return (
    <div class="blank">
      <Mark size={44} />
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      <Show when={props.children}>
        <div class="form-actions">{props.children}</div>
      </Show>
    </div>
  );
}

/** A message in the flow of the page, with what can be done about it. */
export function Notice(props: {
  readonly tone: Tone;
  readonly title: string;
  readonly text?: string | undefined;
  readonly children?: JSX.Element;
}): JSX.Element {
  return (
    <div class="notice" data-tone={props.tone} role={props.tone === "failed" ? "alert" : "status"}>
      <span class="state-icon">
        <CircleAlertIcon size={16} />
      </span>
      <div class="notice-body">
        <strong>{props.title}</strong>
        <Show when={props.text}>{(text) => <span>{text()}</span>}</Show>
      </div>
      <Show when={props.children}>
        <div class="notice-actions">{props.children}</div>
      </Show>
    </div>
  );
}

/** A view that could not be read. */
export function LoadFault(props: {
  readonly message: string;
  readonly retry: () => void;
  /** The server understood, and will say the same again: what is asked for stands in the address. */
  readonly refused?: boolean;
}): JSX.Element {
  const t = useTexts();
  const next = (): string => {
    const why = props.message.replace(/[.。]$/, "");
    return props.refused ? t("common.refusedNext", why) : t("common.failedNext", why);
  };
  return (
    <Notice
      tone="failed"
      title={t("common.failed")}
      text={next()}
    >
      <Show
        when={props.refused}
        fallback={
          <button type="button" class="button" onClick={() => props.retry()}>
            {t("common.retry")}
          </button>
        }
      >
        <a class="button" href={location.pathname}>{t("common.afresh")}</a>
      </Show>
    </Notice>
  );
}

/** What stands in the place of a query's answer until it has one: rows to come, or why there are none. */
export function QueryFaces(props: {
  readonly query: Pick<LiveQuery<unknown>, "data" | "error" | "loading" | "refetch">;
  readonly rows: number;
  /** The rows lie on a sheet of their own, as the answer will. */
  readonly sheet?: boolean;
  /** A fault is told also above an older answer, where that answers another question. */
  readonly always?: boolean;
}): JSX.Element {
  return (
    <>
      <Show when={props.query.error && (props.always || props.query.data === undefined)}>
        <LoadFault
          message={faultMessage(props.query.error)}
          retry={props.query.refetch}
          refused={isRefused(props.query.error)}
        />
      </Show>
      <Show when={props.query.loading}>
        <Show when={props.sheet} fallback={<Skeleton rows={props.rows} />}>
          <div class="sheet">
            <Skeleton rows={props.rows} />
          </div>
        </Show>
      </Show>
    </>
  );
}
