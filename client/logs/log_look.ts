/** How outputs are shown: wrapped or not, with which times. Remembered by the browser, the same for all that are open. */
import { type Accessor, createSignal } from "solid-js";
import { useServices } from "../lib/services.ts";
import { nextTimesMode, readTimesMode, type TimesMode } from "./log_times.ts";

const NARROW = "(max-width: 640px)";

export interface LogLook {
  readonly wrap: Accessor<boolean>;
  readonly toggleWrap: () => void;
  readonly times: Accessor<TimesMode>;
  readonly setTimes: (mode: TimesMode) => void;
  readonly nextTimes: () => void;
}

export function createLogLook(): LogLook {
  const { memory } = useServices();
  const [wrap, setWrap] = createSignal(
    (memory.read("log.wrap") ?? String(matchMedia(NARROW).matches)) === "true",
  );
  const [times, setTimes] = createSignal(readTimesMode(memory.read("log.times")));
  const chooseTimes = (mode: TimesMode): void => {
    setTimes(mode);
    memory.write("log.times", mode);
  };
  return {
    wrap,
    toggleWrap: () => memory.write("log.wrap", String(setWrap(!wrap()))),
    times,
    setTimes: chooseTimes,
    nextTimes: () => chooseTimes(nextTimesMode(times())),
  };
}
