/** Leaving a page with unsaved changes is asked about: by the browser when the tab goes, by us within the console. */
import { useBeforeLeave } from "@solidjs/router";
import { onCleanup } from "solid-js";
import { useTexts } from "../lib/services.ts";

export function guardUnsaved(unsaved: () => boolean): void {
  const t = useTexts();
  const beforeUnload = (event: BeforeUnloadEvent): void => {
    if (unsaved()) event.preventDefault();
  };
  addEventListener("beforeunload", beforeUnload);
  onCleanup(() => removeEventListener("beforeunload", beforeUnload));
  useBeforeLeave((leaving) => {
    const staysHere = typeof leaving.to === "string" && leaving.to.split("?")[0] === leaving.from.pathname;
    if (staysHere || !unsaved() || leaving.defaultPrevented) return;
    leaving.preventDefault();
    if (confirm(t("container.leave"))) leaving.retry(true);
  });
}
