/**
 * Many subscriptions over one connection (graphql-sse's single connection mode), so that a browser tab holds one:
 * PUT reserves a stream and answers its token, GET opens it, POST runs an operation in it, DELETE ends one.
 */
import { type ExecutionArgs, GraphQLError } from "graphql";
import type { OperationArgs, OperationResult, RequestParams } from "graphql-sse";
import { createHandler } from "graphql-sse/lib/use/fetch";
import type { Viewer } from "../../schema/graphql/context.ts";
import type { Log } from "../log.ts";
import type { Held, Lifetimes } from "./lifetimes.ts";
import { DOCUMENT_CHARACTERS, RESERVATION_MS, STREAM_OPERATIONS, STREAMS } from "./limits.ts";
import { refusal } from "./refusals.ts";
import { documentTooLong, maskError, type RequestContext, type Yoga } from "./yoga.ts";

/** The context as graphql-sse passes it through: it asks for nothing of it but to be an object. */
type OperationContext = Record<PropertyKey, unknown>;

const TOKEN_HEADER = "x-graphql-event-stream-token";

/** Messages that may wait for a slow reader; behind them its subscriptions stand still. */
const WAITING_MESSAGES = 64;

interface Stream {
  readonly credentialId: string;
  readonly held: Held;
  readonly flow: Flow;
  readonly handle: (request: Request) => Promise<Response>;
  open: boolean;
}

export interface StreamEndpoint {
  handle(request: Request, viewer: Viewer | null, context: RequestContext): Promise<Response>;
}

export function createStreamEndpoint(yoga: Yoga, lifetimes: Lifetimes, log: Log): StreamEndpoint {
  const streams = new Map<string, Stream>();
  const contexts = new WeakMap<Request, RequestContext>();

  function reserve(viewer: Viewer, request: Request): Promise<Response> | Response {
    const held = lifetimes.hold(viewer);
    if (held === null) {
      return refusal(
        429,
        "LIMIT_EXCEEDED",
        `Cannot reserve another stream: you have ${STREAMS}; close one first`,
      );
    }
    const token = crypto.randomUUID();
    const flow = createFlow();
    const handle = createStreamHandler({ yoga, log, token, contexts, flow });
    const stream: Stream = { credentialId: viewer.credentialId, held, flow, handle, open: false };
    streams.set(token, stream);
    const timer = setTimeout(() => stream.open || held.release(), RESERVATION_MS);
    held.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      flow.end();
      streams.delete(token);
    });
    return handle(request);
  }

  async function open(stream: Stream, request: Request): Promise<Response> {
    if (stream.open) return refusal(409, "CONFLICT", "Cannot open the stream: it is open already");
    stream.open = true;
    return endWith(await stream.handle(request), stream);
  }

  return {
    async handle(request, viewer, context) {
      if (viewer === null) return refusal(401, "UNAUTHENTICATED", "Cannot use a stream: sign in first");
      if (request.method === "PUT") return await reserve(viewer, request);
      const token = request.headers.get(TOKEN_HEADER) ?? new URL(request.url).searchParams.get("token");
      const stream = token === null ? undefined : streams.get(token);
      if (stream === undefined || stream.credentialId !== viewer.credentialId) {
        return refusal(
          404,
          "NOT_FOUND",
          "Cannot use the stream: it has ended or was never reserved; reserve one with PUT",
        );
      }
      if (request.method === "GET") return await open(stream, request);
      contexts.set(request, context);
      return await stream.handle(request);
    },
  };
}

interface HandlerParts {
  readonly yoga: Yoga;
  readonly log: Log;
  readonly token: string;
  readonly contexts: WeakMap<Request, RequestContext>;
  readonly flow: Flow;
}

/** The handler of one stream: a reservation that nobody opens is forgotten together with it. */
function createStreamHandler(
  { yoga, log, token, contexts, flow }: HandlerParts,
): (request: Request) => Promise<Response> {
  let operations = 0;
  return createHandler<OperationContext>({
    authenticate: () => token,
    execute: (args) => envelopOf(args).execute(args),
    subscribe: (args) => envelopOf(args).subscribe(args),
    async onSubscribe({ raw: request }, params) {
      const context = contexts.get(request);
      if (context === undefined) throw new Error("An operation came without its request");
      operations += 1;
      if (operations > STREAM_OPERATIONS) return { errors: [tooMany()] };
      try {
        return await prepareOperation(yoga, request, params, context);
      } catch (error) {
        const told = maskError(error, log);
        return { errors: [told instanceof GraphQLError ? told : new GraphQLError(told.message)] };
      }
    },
    onNext: () => flow.pushed(),
    onComplete: () => void (operations -= 1),
  });
}

/** What yoga would do with the operation, its limits included. */
async function prepareOperation(
  yoga: Yoga,
  request: Request,
  params: RequestParams,
  context: RequestContext,
): Promise<OperationArgs<OperationContext> | { readonly errors: readonly GraphQLError[] }> {
  const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
    request,
    params,
    ...context,
  });
  if (params.query.length > DOCUMENT_CHARACTERS) throw documentTooLong();
  const document = parse(params.query);
  const errors = validate(schema, document);
  if (errors.length > 0) throw errors[0];
  return {
    schema,
    document,
    operationName: params.operationName,
    variableValues: params.variables,
    contextValue: { ...await contextFactory(), inStream: true },
    rootValue: { execute, subscribe } satisfies Envelop,
  };
}

interface Envelop {
  readonly execute: (args: ExecutionArgs) => OperationResult;
  readonly subscribe: (args: ExecutionArgs) => OperationResult;
}

function envelopOf(args: ExecutionArgs): Envelop {
  // Put there by prepareOperation; resolvers of the root take no value from it.
  return args.rootValue as Envelop;
}

function tooMany(): GraphQLError {
  return new GraphQLError(
    `Cannot start another operation in this stream: it has ${STREAM_OPERATIONS}; end one first`,
    {
      extensions: { code: "LIMIT_EXCEEDED" },
    },
  );
}

/** Lets a subscription go on only as fast as its reader reads. */
interface Flow {
  /** Resolves when another message may be pushed. */
  pushed(): Promise<void>;
  read(): void;
  end(): void;
}

function createFlow(): Flow {
  let waiting = 0;
  let ended = false;
  const blocked: (() => void)[] = [];
  return {
    async pushed() {
      waiting += 1;
      while (waiting > WAITING_MESSAGES && !ended) {
        await new Promise<void>((resolve) => blocked.push(resolve));
      }
    },
    read() {
      waiting = Math.max(0, waiting - 1);
      blocked.shift()?.();
    },
    end() {
      ended = true;
      for (const resume of blocked.splice(0)) resume();
    },
  };
}

/** The body ends when the stream's credential does, and the other way round. */
function endWith(response: Response, { held, flow }: Stream): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) {
    held.release();
    return response;
  }
  // A client that went away has cancelled the body: it cannot be closed once more.
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      held.signal.addEventListener("abort", () => {
        reader.cancel().then(
          () => cancelled || controller.close(),
          (error) => cancelled || controller.error(error),
        );
      });
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      flow.read();
      if (!done) controller.enqueue(value);
      else held.release();
    },
    cancel: () => {
      cancelled = true;
      held.release();
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
