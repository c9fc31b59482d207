/** "Why is it waiting", answered with what it waits for, each a step away. */
import { A } from "@solidjs/router";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { HourglassIcon } from "../ui/icons.ts";
import { StateBadge } from "../ui/State.tsx";
import { Ago, At } from "../ui/Time.tsx";
import type { Outputs, WaitingReason } from "./waiting.ts";

/** More would push the output off the screen. */
const MAX_NAMED = 8;

type Reason<Name extends WaitingReason["__typename"]> = Extract<WaitingReason, { readonly __typename: Name }>;

export function WaitingFor(props: {
  readonly reason: WaitingReason;
  readonly select?: (taskRunId: string) => void;
}): JSX.Element {
  const t = useTexts();
  const as = <Name extends WaitingReason["__typename"]>(name: Name): Reason<Name> | null =>
    // The name tells the members of the union apart; TypeScript cannot see that of a parameter.
    props.reason.__typename === name ? props.reason as Reason<Name> : null;
  return (
    <div class="waiting-for" role="status">
      <HourglassIcon size={14} />
      <div>
        <Switch>
          <Match when={as("WaitingForUpstream")}>
            {(reason) => (
              <>
                {t("waiting.upstream")} <Tasks tasks={reason().taskRuns} select={props.select} />
              </>
            )}
          </Match>
          <Match when={as("WaitingForSlot")}>
            {(reason) => (
              <>
                {t("waiting.slot", reason().capacity)}{" "}
                <List items={reason().heldBy}>
                  {(held) => (
                    <A
                      class="link"
                      href={`/runs/${encodeURIComponent(held.run.id)}?task=${encodeURIComponent(held.id)}`}
                    >
                      {held.run.containerName}: {held.name}
                    </A>
                  )}
                </List>
              </>
            )}
          </Match>
          <Match when={as("WaitingForRetry")}>
            {(reason) => (
              <>
                {t("waiting.retry", reason().attempt)} <Ago at={reason().until} />
              </>
            )}
          </Match>
          <Match when={as("WaitingForTime")}>
            {(reason) => (
              <>
                {t("run.startAt")} <At at={reason().until} />
              </>
            )}
          </Match>
          <Match when={as("WaitingForPause")}>
            {(reason) => <>{t("waiting.paused", reason().reason)}</>}
          </Match>
          <Match when={as("WaitingForAgent")}>
            {t("waiting.agent")} <A class="link" href="/hosts">{t("shell.hosts")}</A>
          </Match>
          <Match when={as("WaitingForRunLimit")}>
            {(reason) => (
              <>
                {t("waiting.limit", reason().limit)} <Tasks tasks={reason().heldBy} select={props.select} />
              </>
            )}
          </Match>
          <Match when={as("WaitingForRun")}>
            {(reason) => (
              <>
                {t("waiting.run")}{" "}
                <A class="link" href={`/runs/${encodeURIComponent(reason().run.id)}`}>
                  {reason().run.containerName}, <Ago at={reason().run.createdAt} />
                </A>
              </>
            )}
          </Match>
        </Switch>
      </div>
    </div>
  );
}

interface NamedTask {
  readonly id: string;
  readonly name: string;
  readonly state?: Parameters<typeof StateBadge>[0]["state"];
}

function Tasks(props: {
  readonly tasks: readonly NamedTask[];
  readonly select: ((taskRunId: string) => void) | undefined;
}): JSX.Element {
  return (
    <List items={props.tasks}>
      {(task) => (
        <>
          <button type="button" class="link-button link-like" onClick={() => props.select?.(task.id)}>
            {task.name}
          </button>
          <Show when={task.state}>
            {(state) => (
              <>
                {" "}
                <StateBadge state={state()} bare />
              </>
            )}
          </Show>
        </>
      )}
    </List>
  );
}

function List<Item>(props: {
  readonly items: readonly Item[];
  readonly children: (item: Item) => JSX.Element;
}): JSX.Element {
  const t = useTexts();
  const more = (): number => props.items.length - MAX_NAMED;
  return (
    <>
      <For each={props.items.slice(0, MAX_NAMED)}>
        {(item, index) => (
          <>
            {index() > 0 ? ", " : ""}
            {props.children(item)}
          </>
        )}
      </For>
      <Show when={more() > 0}>
        <span class="waiting-more">{t("waiting.more", more())}</span>
      </Show>
    </>
  );
}

/** What a task handed to those after it. */
export function TaskOutputs(props: { readonly outputs: Outputs }): JSX.Element {
  const t = useTexts();
  return (
    <details class="task-run-outputs">
      <summary>{t("waiting.outputs", Object.keys(props.outputs).length)}</summary>
      <dl>
        <For each={Object.entries(props.outputs)}>
          {([name, value]) => (
            <div>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </details>
  );
}
