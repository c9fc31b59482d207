/** /graphql: queries and mutations answered as JSON, and each subscription as a stream of its own. */
import { jsonAnswer, wrongMethod } from "./answers.ts";
import { createEventStream } from "./event_stream.ts";
import type { Visit } from "./gate.ts";
import { type Lifetimes, tooManyStreams } from "./lifetimes.ts";
import type { Operations } from "./operations.ts";
import { readParameters } from "./parameters.ts";
import type { Caller } from "./caller.ts";

const METHODS = "GET, POST";
const STREAM_TYPE = "text/event-stream";
const RESULT_TYPE = "application/graphql-response+json";

export interface EndpointParts {
  readonly operations: Operations;
  readonly lifetimes: Lifetimes;
}

export async function answerGraphql(
  parts: EndpointParts,
  request: Request,
  caller: Caller,
): Promise<Response> {
  const { method } = request;
  if (method !== "GET" && method !== "POST") return wrongMethod(METHODS);
  const read = await readParameters(request, caller.viewer === null);
  if (read.kind === "refused") return read.response;
  if (wantsStream(request)) return await answerByStream(parts, request, caller, method, read.params);
  const context = caller.context(caller.gone);
  const outcome = await parts.operations.run(read.params, request, {
    method,
    page: caller.page,
    streamed: false,
    context,
  });
  if (outcome.kind === "stream") throw new Error("A subscription was let in without a stream");
  const type = request.headers.get("accept")?.includes(RESULT_TYPE) === true
    ? RESULT_TYPE
    : "application/json";
  return jsonAnswer(outcome.result, {
    status: outcome.status,
    headers: { "content-type": `${type}; charset=utf-8` },
  });
}

/** One operation in a stream of its own, which ends with it. */
async function answerByStream(
  { operations, lifetimes }: EndpointParts,
  request: Request,
  caller: Caller,
  method: Visit["method"],
  params: object,
): Promise<Response> {
  const { viewer } = caller;
  // An unauthenticated caller gets one answer, whatever was asked, and holds nothing.
  const held = viewer === null ? null : lifetimes.hold(viewer, caller.stillKnown);
  if (viewer !== null && held === null) return tooManyStreams();
  const signal = held === null ? caller.gone : AbortSignal.any([held.signal, caller.gone]);
  const stream = createEventStream(() => held?.release());
  signal.addEventListener("abort", stream.end);
  const context = caller.context(signal);
  const outcome = await operations.run(params, request, {
    method,
    page: caller.page,
    streamed: true,
    context,
  });
  if (signal.aborted) stream.end();
  stream.carry(null, outcome, signal).finally(stream.end);
  return stream.respond();
}

export function wantsStream(request: Request): boolean {
  return request.headers.get("accept")?.includes(STREAM_TYPE) === true;
}
