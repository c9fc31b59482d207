/** Instants and durations, live. The exact instant in UTC is one hover away. */
import type { JSX } from "solid-js";
import { useServices } from "../lib/services.ts";
import {
  elapsedMs,
  formatDuration,
  formatFire,
  formatInZone,
  formatLocal,
  formatRelative,
  formatUtc,
} from "../lib/time.ts";

/** "3 min ago", "in 2 hours". */
export function Ago(props: { readonly at: string; readonly class?: string }): JSX.Element {
  const { ticker, texts } = useServices();
  return (
    <time class={props.class} datetime={props.at} title={formatUtc(props.at)}>
      {formatRelative(props.at, ticker.now(), texts.language())}
    </time>
  );
}

/** Date and time: local ones, or those of a time zone. */
export function At(props: { readonly at: string; readonly timezone?: string }): JSX.Element {
  const { ticker, texts } = useServices();
  return (
    <time datetime={props.at} title={formatUtc(props.at)}>
      {props.timezone === undefined
        ? formatLocal(props.at, ticker.now(), texts.language())
        : formatInZone(props.at, props.timezone, texts.language())}
    </time>
  );
}

/** A fire in its zone, as short as it stays clear. */
export function FireTime(props: { readonly at: string; readonly timezone: string }): JSX.Element {
  const { clock, texts } = useServices();
  return (
    <time datetime={props.at} title={formatUtc(props.at)}>
      {formatFire(props.at, props.timezone, clock(), texts.language())}
    </time>
  );
}

/** How long something took, or has taken until now. Nothing before it began. */
export function Duration(props: {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}): JSX.Element {
  const { ticker } = useServices();
  const text = (): string => {
    const now = props.finishedAt === null ? ticker.now() : 0;
    const elapsed = elapsedMs(props.startedAt, props.finishedAt, now);
    return elapsed === null ? "" : formatDuration(elapsed);
  };
  return <span>{text()}</span>;
}
