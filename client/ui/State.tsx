/** How a state looks wherever one is shown: icon, word and colour of one table. */
import { type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { useTexts } from "../lib/services.ts";
import { type AnyState, type StateLook, stateLooks } from "../lib/states.ts";
import {
  BanIcon,
  CheckIcon,
  ClockIcon,
  HourglassIcon,
  type IconProps,
  SkipForwardIcon,
  TimerIcon,
  UnplugIcon,
  XIcon,
} from "./icons.ts";
import { Mark } from "./Mark.tsx";

const icons: { readonly [I in StateLook["icon"]]: (props: IconProps) => JSX.Element } = {
  clock: ClockIcon,
  hourglass: HourglassIcon,
  orrery: (props) => <Mark size={props.size ?? 15} turning />,
  check: CheckIcon,
  cross: XIcon,
  timer: TimerIcon,
  stop: BanIcon,
  skip: SkipForwardIcon,
  lost: UnplugIcon,
};

export function StateIcon(props: {
  readonly state: AnyState;
  readonly size?: number;
  /** Stands for the state itself, not for something that is in it: nothing turns. */
  readonly still?: boolean;
}): JSX.Element {
  const look = (): StateLook => stateLooks[props.state];
  return (
    <span class="state-icon" data-tone={look().tone}>
      <Show
        when={props.still && look().icon === "orrery"}
        fallback={<Dynamic component={icons[look().icon]} size={props.size ?? 14} />}
      >
        <Mark size={props.size ?? 14} />
      </Show>
    </span>
  );
}

export function StateBadge(props: {
  readonly state: AnyState;
  /** Without its coloured ground: for rows, where a ground for each would be noise. */
  readonly bare?: boolean;
  readonly children?: JSX.Element;
}): JSX.Element {
  const t = useTexts();
  return (
    <span
      class="badge"
      classList={{ bare: props.bare ?? false }}
      data-tone={stateLooks[props.state].tone}
      data-state={props.state}
    >
      <StateIcon state={props.state} />
      {t(`states.${props.state}`)}
      <Show when={props.children}>{props.children}</Show>
    </span>
  );
}
