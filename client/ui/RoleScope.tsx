/** What one may do on a page about something of a project: by the role there, not by the highest anywhere. */
import type { JSX } from "solid-js";
import type { ProjectRole } from "../../schema/states.ts";
import { ServicesProvider, useServices, useTexts } from "../lib/services.ts";

export function RoleScope(
  props: { readonly role: ProjectRole | undefined; readonly children: JSX.Element },
): JSX.Element {
  const services = useServices();
  const t = useTexts();
  const readOnly = (need?: "run"): string | undefined => {
    if (props.role === undefined) return services.readOnly(need);
    if (props.role === "VIEWER") return t("common.readOnlyReason");
    return props.role === "OPERATOR" && need !== "run" ? t("common.editorNeeded") : undefined;
  };
  return <ServicesProvider value={{ ...services, readOnly }}>{props.children}</ServicesProvider>;
}
