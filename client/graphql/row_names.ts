/**
 * A store takes two rows for the same one when their ids are equal, or when neither has one and they stand at the same
 * place. An edge of a connection and a slot of a schedule have none: a row that comes on top would move all others into
 * the next one's element, and the focus of a reader would be on another row than before.
 */

/** Gives edges the id of their node and slots one of their time, everywhere in an answer. Answers what it was given. */
export function nameRows<T>(answer: T): T {
  if (Array.isArray(answer)) {
    for (const row of answer) {
      if (isRecord(row) && row["id"] === undefined) nameRow(row);
      nameRows(row);
    }
  } else if (isRecord(answer)) {
    for (const part of Object.values(answer)) nameRows(part);
  }
  return answer;
}

function nameRow(row: Record<string, unknown>): void {
  const name = isRecord(row["node"]) ? row["node"]["id"] : nameByTime(row);
  if (typeof name === "string") row["id"] = name;
}

/** Of several containers there may be slots of one instant. */
function nameByTime({ at, container }: Record<string, unknown>): unknown {
  return isRecord(container) ? `${at} ${container["id"]}` : at;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
