import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, type JSX, on } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { Notice } from "../ui/faces.tsx";
import { CopyIcon } from "../ui/icons.ts";
import { faultKind } from "./page_fault.ts";

/** A page that could not be fetched (the server is away, or was updated) or that broke: said, with a way on. */
export function PageFault(props: { readonly fault: unknown; readonly again: () => void }): JSX.Element {
  const { toasts } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const location = useLocation();
  createEffect(on(() => location.pathname, () => props.again(), { defer: true }));
  const details = (): string =>
    props.fault instanceof Error ? props.fault.stack ?? props.fault.message : String(props.fault);
  const message = (): string => props.fault instanceof Error ? props.fault.message : String(props.fault);
  const missing = (): boolean => faultKind(message()) === "missing";
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(`${location.pathname}${location.search}\n${details()}`);
    toasts.good(t("pageFault.copied"));
  };
  return (
    <div class="page">
      <Notice
        tone="failed"
        title={missing() ? t("pageFault.missing") : t("pageFault.broken")}
        text={missing() ? t("pageFault.missingText") : `${message()}. ${t("pageFault.brokenText")}`}
      >
        <button type="button" class="button primary" onClick={() => globalThis.location.reload()}>
          {t("pageFault.reload")}
        </button>
        <button type="button" class="button" onClick={() => navigate("/containers")}>
          {t("notFound.back")}
        </button>
        <button type="button" class="button quiet" onClick={() => void copy()}>
          <CopyIcon size={13} />
          {t("pageFault.copy")}
        </button>
      </Notice>
    </div>
  );
}
