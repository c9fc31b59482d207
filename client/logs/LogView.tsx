/** The output of a task run: all of it, one attempt of it, or two attempts beside each other. */
import { createSignal, type JSX, Show } from "solid-js";
import type { Side } from "./attempts_state.ts";
import { createLogAddress } from "./log_address.ts";
import { createLogLook } from "./log_look.ts";
import { LogPane } from "./LogPane.tsx";
import "./log.css";

export function LogView(props: {
  readonly taskRunId: string;
  readonly name: string;
  /** What to say when there is no line, and none is coming or expected. */
  readonly nothing: string;
}): JSX.Element {
  const address = createLogAddress(() => props.taskRunId);
  const look = createLogLook();
  const [entered, setEntered] = createSignal<Side>("first");
  const paired = (): boolean => address.shown().beside !== null;
  const active = (): Side => paired() ? entered() : "first";
  const pane = (side: Side): JSX.Element => (
    <LogPane
      taskRunId={props.taskRunId}
      side={side}
      address={address}
      look={look}
      active={active() === side}
      entered={() => setEntered(side)}
      name={props.name}
      nothing={props.nothing}
    />
  );
  return (
    <div class="logs-view" classList={{ paired: paired() }}>
      {pane("first")}
      <Show when={paired()}>{pane("second")}</Show>
    </div>
  );
}
