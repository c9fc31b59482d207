/**
 * /graphql/stream: many operations over one connection (graphql-sse's single connection mode), so that a browser tab holds
 * one. PUT reserves a stream and answers its token, GET opens it, POST runs an operation in it, DELETE ends one.
 */
import type { Viewer } from "../domain/accounts/interface.ts";
import { say } from "../../schema/sentences.ts";
import { jsonAnswer, refusal, wrongMethod } from "./answers.ts";
import { createEventStream, type EventStream } from "./event_stream.ts";
import { answerGraphql, type EndpointParts, wantsStream } from "./graphql_endpoint.ts";
import { tooManyStreams } from "./lifetimes.ts";
import { RESERVATION_MS, STREAM_OPERATIONS } from "./limits.ts";
import { readParameters } from "./parameters.ts";
import type { Caller } from "./caller.ts";

const METHODS = "GET, POST, PUT, DELETE";
const TOKEN_HEADER = "x-graphql-event-stream-token";
const TOKEN_PARAMETER = "token";

interface Reservation {
  readonly credentialId: string;
  readonly events: EventStream;
  /** What runs in it, by the client's id. */
  readonly operations: Map<string, AbortController>;
  opened: boolean;
}

type StreamEndpoint = (request: Request, caller: Caller) => Promise<Response>;

export function createStreamEndpoint(parts: EndpointParts, reservationMs = RESERVATION_MS): StreamEndpoint {
  const reservations = new Map<string, Reservation>();

  function reserve(viewer: Viewer, caller: Caller): Response {
    const held = parts.lifetimes.hold(viewer, caller.stillKnown);
    if (held === null) return tooManyStreams();
    const token = crypto.randomUUID();
    const events = createEventStream(held.release);
    const operations = new Map<string, AbortController>();
    const reservation = { credentialId: viewer.credentialId, events, operations, opened: false };
    reservations.set(token, reservation);
    const timer = setTimeout(() => reservation.opened || held.release(), reservationMs);
    const end = (): void => {
      clearTimeout(timer);
      reservations.delete(token);
      for (const controller of operations.values()) controller.abort();
      events.end();
    };
    if (held.signal.aborted) end();
    else held.signal.addEventListener("abort", end);
    return new Response(token, { status: 201, headers: { "content-type": "text/plain; charset=utf-8" } });
  }

  /** Somebody else's is as good as none. */
  function find(request: Request, viewer: Viewer): Reservation | undefined {
    const token = request.headers.get(TOKEN_HEADER) ??
      new URL(request.url).searchParams.get(TOKEN_PARAMETER);
    const reservation = token === null ? undefined : reservations.get(token);
    return reservation?.credentialId === viewer.credentialId ? reservation : undefined;
  }

  return async (request, caller) => {
    const { viewer } = caller;
    if (viewer === null) return refusal("UNAUTHENTICATED", say("STREAM_STRANGER"));
    if (request.method === "PUT") return reserve(viewer, caller);
    const reservation = find(request, viewer);
    if (reservation === undefined) {
      // Clients in the other mode may be pointed here too.
      return namesStream(request) || !wantsStream(request)
        ? unknownStream()
        : await answerGraphql(parts, request, caller);
    }
    switch (request.method) {
      case "GET":
        return open(reservation);
      case "POST":
        return await run(parts, reservation, request, caller);
      case "DELETE":
        return stop(reservation, request);
      default:
        return wrongMethod(METHODS);
    }
  };
}

function open(reservation: Reservation): Response {
  if (reservation.opened) return refusal("CONFLICT", say("STREAM_OPEN"));
  reservation.opened = true;
  return reservation.events.respond();
}

/** Answers once the operation has begun; what it has to say comes in the stream. */
async function run(
  { operations: runner }: EndpointParts,
  { operations, events }: Reservation,
  request: Request,
  caller: Caller,
): Promise<Response> {
  const read = await readParameters(request, false);
  if (read.kind === "refused") return read.response;
  const id = operationIdOf(read.params);
  if (id === null) {
    return refusal("INVALID_INPUT", say("OPERATION_UNNAMED"));
  }
  if (operations.has(id)) {
    return refusal("CONFLICT", say("OPERATION_RUNS", { id }));
  }
  if (operations.size >= STREAM_OPERATIONS) {
    return refusal("LIMIT_EXCEEDED", say("TOO_MANY_OPERATIONS", { most: STREAM_OPERATIONS }));
  }
  const controller = new AbortController();
  operations.set(id, controller);
  const forget = (): void => {
    if (operations.get(id) === controller) operations.delete(id);
  };
  const outcome = await runner.run(read.params, request, {
    method: "POST",
    page: caller.page,
    streamed: true,
    context: caller.context(controller.signal),
  });
  if (outcome.kind === "result" && !outcome.admitted) {
    forget();
    return jsonAnswer(outcome.result, { status: outcome.status });
  }
  events.carry(id, outcome, controller.signal).finally(forget);
  return new Response(null, { status: 202 });
}

/** Ending what has ended is no fault: the two may cross on their way. */
function stop({ operations }: Reservation, request: Request): Response {
  const id = new URL(request.url).searchParams.get("operationId");
  if (id === null) {
    return refusal("INVALID_INPUT", say("ENDED_OPERATION_UNNAMED"));
  }
  operations.get(id)?.abort();
  operations.delete(id);
  return new Response(null, { status: 200 });
}

function operationIdOf(params: object): string | null {
  const extensions: unknown = "extensions" in params ? params.extensions : undefined;
  const named = typeof extensions === "object" && extensions !== null && "operationId" in extensions;
  return named && typeof extensions.operationId === "string" && extensions.operationId !== ""
    ? extensions.operationId
    : null;
}

function namesStream(request: Request): boolean {
  return request.headers.has(TOKEN_HEADER) || new URL(request.url).searchParams.has(TOKEN_PARAMETER);
}

function unknownStream(): Response {
  return refusal("NOT_FOUND", say("STREAM_UNKNOWN"));
}
