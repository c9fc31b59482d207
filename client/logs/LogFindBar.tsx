import { type JSX, onMount, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { ArrowDownIcon, ArrowUpIcon, XIcon } from "../ui/icons.ts";
import type { LogFind } from "./log_find.ts";

/** The line below the tools while one looks for something. Enter and Shift+Enter walk, Escape closes. */
export function LogFindBar(props: {
  readonly find: LogFind;
  readonly hasOlder: boolean;
  readonly close: () => void;
}): JSX.Element {
  const t = useTexts();
  let field: HTMLInputElement | undefined;
  onMount(() => {
    field?.focus();
    field?.select();
  });
  const count = (): number => props.find.find().matches.length;
  const said = (): string => {
    if (props.find.searching()) return t("log.reading");
    if (props.find.text() === "") return "";
    if (props.find.nothingFurther()) return t("log.findNoFurther");
    return count() === 0 ? t("log.findNone") : t("log.findPlace", props.find.place(), count());
  };
  return (
    <div class="log-find" role="search">
      <input
        ref={(element) => (field = element)}
        class="input"
        type="search"
        aria-label={t("log.find")}
        placeholder={t("log.find")}
        value={props.find.text()}
        onInput={(event) => props.find.setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") props.close();
          else if (event.key === "Enter") void props.find.step(event.shiftKey ? -1 : 1);
          else return;
          event.preventDefault();
        }}
      />
      <span class="muted small log-found" role="status">{said()}</span>
      <IconButton name={t("log.findPrevious")} press={() => void props.find.step(-1)}>
        <ArrowUpIcon size={14} />
      </IconButton>
      <IconButton name={t("log.findNext")} press={() => void props.find.step(1)}>
        <ArrowDownIcon size={14} />
      </IconButton>
      <Show when={props.hasOlder && props.find.text() !== ""}>
        <button type="button" class="button quiet" onClick={() => void props.find.searchOlder()}>
          {t("log.findOlder")}
        </button>
      </Show>
      <IconButton name={t("common.close")} press={() => props.close()}>
        <XIcon size={14} />
      </IconButton>
    </div>
  );
}
