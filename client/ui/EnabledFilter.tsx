import type { JSX } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Select } from "./Select.tsx";

const choices = ["any", "yes", "no"] as const;

/** All rows, or only those that are switched on, or off. */
export function EnabledFilter(props: {
  /** Null: all. */
  readonly enabled: boolean | null;
  /** As the address holds it; null: all. */
  readonly change: (enabled: "yes" | "no" | null) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <Select
      label={t("containers.filterEnabled")}
      value={props.enabled === null ? "any" : props.enabled ? "yes" : "no"}
      options={choices}
      nameOf={(choice) => t(`containerSwitch.${choice}`)}
      change={(choice) => props.change(choice === "any" ? null : choice)}
    />
  );
}
