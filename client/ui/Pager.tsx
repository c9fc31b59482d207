import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** From page to page by cursor. Nothing is drawn when there is only one. */
export function Pager(props: {
  readonly info: PageInfo;
  /** The first page is open. */
  readonly first: boolean;
  readonly go: (place: { after?: string; before?: string }) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.info.hasNextPage || props.info.hasPreviousPage || !props.first}>
      <nav class="pager" aria-label={t("common.pages")}>
        <button type="button" class="button" disabled={props.first} onClick={() => props.go({})}>
          {t("common.first")}
        </button>
        <button
          type="button"
          class="button"
          disabled={!props.info.hasPreviousPage}
          onClick={() => props.go(props.info.startCursor === null ? {} : { before: props.info.startCursor })}
        >
          {t("common.previous")}
        </button>
        <button
          type="button"
          class="button"
          disabled={!props.info.hasNextPage}
          onClick={() => props.go(props.info.endCursor === null ? {} : { after: props.info.endCursor })}
        >
          {t("common.next")}
        </button>
      </nav>
    </Show>
  );
}
