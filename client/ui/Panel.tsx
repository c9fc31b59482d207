import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import "./panel.css";

/** A part of a page with its name and, when there is more of it, the way there. */
export function Panel(props: {
  readonly title: string;
  readonly count?: number | undefined;
  readonly more?: { readonly href: string; readonly label: string } | undefined;
  readonly class?: string;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <section class={`panel ${props.class ?? ""}`} aria-label={props.title}>
      <div class="panel-head">
        <h2>{props.title}</h2>
        <Show when={props.count}>{(count) => <span class="chip">{count()}</span>}</Show>
        <span class="spread" />
        <Show when={props.more}>{(more) => <A class="small" href={more().href}>{more().label}</A>}</Show>
      </div>
      {props.children}
    </section>
  );
}
