/** This run beside the last one that was all right: what is different stands first. */
import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { type DiffRow, diffText } from "../lib/line_diff.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { elapsedMs, formatDuration } from "../lib/time.ts";
import { Blank, LoadFault, Skeleton } from "../ui/faces.tsx";
import { StateBadge } from "../ui/State.tsx";
import { Ago } from "../ui/Time.tsx";
import { type ComparedRow, type ComparedSide, differs } from "./compare_state.ts";
import type { GoodRun, LastGood } from "./last_good.ts";
import type { ShownRun } from "./run_state.ts";
import "./compare.css";

const MARKS = { same: "  ", added: "+ ", removed: "− " } as const;

export default function Compare(props: {
  readonly run: ShownRun;
  readonly lastGood: LastGood;
  readonly select: (name: string) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="compare">
      <Switch>
        <Match when={props.lastGood.fault()}>
          {(message) => <LoadFault message={message()} retry={props.lastGood.again} />}
        </Match>
        <Match when={props.lastGood.run()}>
          {(good) => (
            <>
              <CompareLead run={props.run} good={good()} />
              <Show when={!props.lastGood.rows().some(differs)}>
                <p class="muted">{t("compare.same")}</p>
              </Show>
              <CompareTable rows={props.lastGood.rows()} select={props.select} />
            </>
          )}
        </Match>
        <Match when={props.lastGood.run() === null}>
          <Blank title={t("compare.none")} text={t("compare.noneText")} />
        </Match>
        <Match when={props.lastGood.run() === undefined}>
          <Skeleton rows={4} />
        </Match>
      </Switch>
    </div>
  );
}

function CompareLead(props: { readonly run: ShownRun; readonly good: GoodRun }): JSX.Element {
  const { ticker } = useServices();
  const t = useTexts();
  const time = (run: { readonly startedAt: string | null; readonly finishedAt: string | null }): string => {
    const elapsed = elapsedMs(run.startedAt, run.finishedAt, run.finishedAt === null ? ticker.now() : 0);
    return elapsed === null ? "" : formatDuration(elapsed);
  };
  return (
    <p class="compare-lead">
      {t("compare.lead")}{" "}
      <A class="link" href={`/runs/${encodeURIComponent(props.good.id)}`}>
        <Ago at={props.good.createdAt} />
      </A>
      {", "}
      {t("compare.version", props.run.containerVersion, props.good.containerVersion)}
      {". "}
      {t("compare.whole")}: {time(props.run)} / {time(props.good)}
    </p>
  );
}

function CompareTable(props: {
  readonly rows: readonly ComparedRow[];
  readonly select: (name: string) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <table class="compare-table">
      <thead>
        <tr>
          <th scope="col">{t("compare.task")}</th>
          <th scope="col">{t("compare.now")}</th>
          <th scope="col">{t("compare.then")}</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.rows}>
          {(row) => (
            <>
              <tr data-differs={differs(row) ? "" : undefined}>
                <th scope="row">
                  <button type="button" class="link-button" onClick={() => props.select(row.name)}>
                    {row.name}
                  </button>
                  <Show when={row.slower !== null && differs(row) && row.slower}>
                    {(times) => (
                      <span class="muted small">
                        {t("compare.slower", String(Number(times().toPrecision(2))))}
                      </span>
                    )}
                  </Show>
                </th>
                <td>
                  <Side side={row.now} missing={t("compare.removed")} />
                </td>
                <td>
                  <Side side={row.then} missing={t("compare.added")} />
                </td>
              </tr>
              <Show when={row.commandChanged}>
                <tr class="compare-command">
                  <td colspan={3}>
                    <CommandDiff now={row.now?.command ?? ""} before={row.then?.command ?? ""} />
                  </td>
                </tr>
              </Show>
            </>
          )}
        </For>
      </tbody>
    </table>
  );
}

function Side(props: { readonly side: ComparedSide | null; readonly missing: string }): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.side} fallback={<span class="muted">{props.missing}</span>}>
      {(side) => (
        <span class="compare-side">
          <StateBadge state={side().state} bare />
          <Show when={side().durationMs !== null && side().durationMs}>
            {(time) => <span class="muted">{formatDuration(time())}</span>}
          </Show>
          <Show
            when={side().signal}
            fallback={
              <Show when={side().exitCode}>
                {(code) => <span>{t("run.exit")} {code()}</span>}
              </Show>
            }
          >
            {(signal) => <span>{signal()}</span>}
          </Show>
        </span>
      )}
    </Show>
  );
}

function CommandDiff(props: { readonly now: string; readonly before: string }): JSX.Element {
  const t = useTexts();
  const rows = createMemo(() => diffText(props.before, props.now));
  return (
    <figure class="command-diff">
      <figcaption class="muted small">{t("compare.commandDiff")}</figcaption>
      <pre><code><For each={rows()}>{(row) => <DiffLine row={row} />}</For></code></pre>
    </figure>
  );
}

function DiffLine(props: { readonly row: DiffRow }): JSX.Element {
  const text = (): string =>
    props.row.kind === "gap" ? "  …\n" : `${MARKS[props.row.kind]}${props.row.text}\n`;
  return (
    <Switch fallback={<span>{text()}</span>}>
      <Match when={props.row.kind === "added"}>
        <ins>{text()}</ins>
      </Match>
      <Match when={props.row.kind === "removed"}>
        <del>{text()}</del>
      </Match>
    </Switch>
  );
}
