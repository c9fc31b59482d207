import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Notice } from "../ui/faces.tsx";

export interface Made {
  readonly title: string;
  readonly secret: string;
}

/** A secret that the server tells once, while the page is open. */
export function MadeSecret(props: { readonly made: Made | null }): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.made}>
      {(made) => (
        <Notice tone="succeeded" title={made().title} text={t("teams.shownOnce")}>
          <code class="made-secret">{made().secret}</code>
        </Notice>
      )}
    </Show>
  );
}
