/** /download/audit.ndjson: the audit log as lines of JSON, with the filters of the query `audit` as parameters. */
import type { AuditFilter, AuditRow } from "../domain/audit/interface.ts";
import type { App } from "../domain/interface.ts";
import { DomainError } from "../../schema/errors.ts";
import { decodeOptionalId, encodeId } from "../../schema/ids.ts";
import { say } from "../../schema/sentences.ts";
import type { Caller } from "./caller.ts";
import { refusal } from "./answers.ts";
import { type Lifetimes, tooManyStreams } from "./lifetimes.ts";
import { streamOf } from "./downloads.ts";

export const AUDIT_PATH = "/download/audit.ndjson";

/** The caller is authenticated. */
export function answerAuditDownload(
  { app, lifetimes }: { readonly app: App; readonly lifetimes: Lifetimes },
  request: Request,
  { viewer, stillKnown }: Caller,
): Response {
  if (viewer === null) return refusal("UNAUTHENTICATED", say("DOWNLOAD_STRANGER"));
  try {
    app.audit.readable(viewer);
  } catch (error) {
    if (error instanceof DomainError) return refusal("FORBIDDEN", error.sentence);
    throw error;
  }
  const filter = readFilter(new URL(request.url).searchParams);
  if (filter === null) return refusal("INVALID_INPUT", say("AUDIT_TIMES"));
  const headers = {
    "content-type": "application/x-ndjson; charset=utf-8",
    "content-disposition": 'attachment; filename="audit.ndjson"',
    "cache-control": "no-store, no-transform",
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  const held = lifetimes.hold(viewer, stillKnown);
  if (held === null) return tooManyStreams();
  return new Response(streamOf(app.audit.read(viewer, filter), writeEntries, held), { headers });
}

/** Null when a time cannot be read. */
function readFilter(parameters: URLSearchParams): AuditFilter | null {
  const [from, to] = ["from", "to"].map((name) => {
    const text = parameters.get(name);
    return text === null ? null : new Date(text);
  });
  if ([from, to].some((time) => time && Number.isNaN(time.getTime()))) return null;
  return {
    from,
    to,
    action: parameters.get("action"),
    project: parameters.get("project"),
    subjectId: parameters.get("subjectId"),
    actorId: decodeOptionalId("User", parameters.get("actorId")),
  };
}

function writeEntries(rows: readonly AuditRow[]): string {
  return rows.map(({ id, actorId, projectId, ...entry }) =>
    `${
      JSON.stringify({
        id: encodeId("AuditEntry", id),
        ...entry,
        actorId: actorId === null ? null : encodeId("User", actorId),
        projectId: projectId === null ? null : encodeId("Project", projectId),
      })
    }\n`
  ).join("");
}
