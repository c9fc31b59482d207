/** The lines of a crontab, each with what it becomes and what cannot be kept. */
import { For, type JSX, Show } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { Ago } from "../ui/Time.tsx";
import type { Job } from "./moving_documents.ts";
import { firesApart, sayMessage } from "./moving_state.ts";

export function JobTable(props: { readonly jobs: readonly Job[] }): JSX.Element {
  const t = useTexts();
  return (
    <div class="sheet moving-jobs" role="table" aria-label={t("moving.crontabText")}>
      <For each={props.jobs}>{(job) => <JobRow job={job} />}</For>
    </div>
  );
}

function JobRow(props: { readonly job: Job }): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const said = (message: unknown, text: string): string => sayMessage(texts.words(), message, text);
  return (
    <div class="moving-job" role="row" data-faulty={props.job.fault !== null}>
      <span class="muted moving-line" role="cell">{`${t("moving.line")} ${props.job.line}`}</span>
      <div class="moving-what" role="cell">
        <div>
          <Show when={props.job.expression}>
            {(expression) => <code class="expression">{expression()}</code>}
          </Show>
          <span class="muted">
            {` ${props.job.timezone}`}
            <Show when={props.job.user}>{(name) => ` · ${t("moving.user", name())}`}</Show>
            <Show when={props.job.standardInput !== null}>{` · ${t("moving.input")}`}</Show>
          </span>
        </div>
        <code class="moving-command">{props.job.command}</code>
        <Show when={props.job.fault}>
          {(fault) => <p class="field-error">{said(props.job.faultMessage, fault())}</p>}
        </Show>
        <Show when={props.job.notes.length > 0}>
          <ul class="moving-notes">
            <For each={props.job.notes}>
              {(note, place) => <li>{said(props.job.noteMessages[place()], note)}</li>}
            </For>
          </ul>
        </Show>
        <Show when={props.job.fault === null && props.job.nextFires.length > 0}>
          <Fires job={props.job} />
        </Show>
      </div>
      <span class="moving-becomes" role="cell">
        <Show when={props.job.fault === null}>{props.job.containerName}</Show>
      </span>
    </div>
  );
}

function Fires(props: { readonly job: Job }): JSX.Element {
  const t = useTexts();
  const apart = (): ReturnType<typeof firesApart> => firesApart(props.job.nextFires, props.job.cronFires);
  // Where cron chooses a time at random there is nothing to compare.
  const same = (): boolean =>
    props.job.cronFires.length === 0 || apart().onlyHere.length + apart().onlyCron.length === 0;
  const title = (): string =>
    props.job.cronFires.length > 0 && same() ? t("moving.sameFires") : t("moving.nextFires");
  const list = (title: string, fires: readonly string[]): JSX.Element => (
    <Show when={fires.length > 0}>
      <div>
        <strong>{title}</strong>
        <ul>
          <For each={fires}>
            {(at) => (
              <li>
                <Ago at={at} /> <span class="muted">{at}</span>
              </li>
            )}
          </For>
        </ul>
      </div>
    </Show>
  );
  return (
    <details class="moving-fires" open={!same()}>
      <summary>{title()}</summary>
      <Show
        when={same()}
        fallback={
          <>
            {list(t("moving.onlyHere"), apart().onlyHere)}
            {list(t("moving.onlyCron"), apart().onlyCron)}
          </>
        }
      >
        {list(t("moving.nextFires"), props.job.nextFires)}
      </Show>
    </details>
  );
}
