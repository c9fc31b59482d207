/** Labels: what agents have, and what tasks require of them. */

export const LABEL = /^[\p{L}\p{N}.:_/-]{1,100}$/u;
/** Labels that begin so say what an agent is, and are nobody's to give. */
export const SYSTEM_LABEL = /^(agent|os|arch):/;
export const MAX_AGENT_LABELS = 50;

/** As people write them in one field: with commas or spaces between. */
export function splitLabels(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((label) => label !== "");
}

/** Each once, sorted: the same labels are the same list. */
export function sortLabels(given: readonly string[]): readonly string[] {
  return [...new Set(given.map((label) => label.trim()))].sort();
}

export function isOwnLabel(label: string): boolean {
  return LABEL.test(label) && !SYSTEM_LABEL.test(label);
}
