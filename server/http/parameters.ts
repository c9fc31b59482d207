/** From a request to the parameters of a GraphQL operation, which are checked where the operation is carried out. */
import { InvalidInputError } from "../../schema/errors.ts";
import { say, type Sentence } from "../../schema/sentences.ts";
import { type AnswerOptions, refusal } from "./answers.ts";
import { readBody } from "./body.ts";
import { parseJson } from "./json_text.ts";
import { BODY_BYTES, UNAUTHENTICATED_BODY_BYTES } from "./limits.ts";

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

export type Parameters =
  | { readonly kind: "read"; readonly params: object }
  | { readonly kind: "refused"; readonly response: Response };

export async function readParameters(request: Request, unauthenticated: boolean): Promise<Parameters> {
  try {
    return request.method === "GET"
      ? fromAddress(new URL(request.url))
      : await fromBody(request, unauthenticated);
  } catch (error) {
    if (error instanceof InvalidInputError) return refused(error.sentence);
    throw error;
  }
}

function fromAddress({ searchParams }: URL): Parameters {
  const [query, operationName] = [searchParams.get("query"), searchParams.get("operationName")];
  return {
    kind: "read",
    params: {
      query,
      operationName,
      variables: parseJson(searchParams.get("variables") ?? "null", "the parameter variables"),
      extensions: parseJson(searchParams.get("extensions") ?? "null", "the parameter extensions"),
    },
  };
}

async function fromBody(request: Request, unauthenticated: boolean): Promise<Parameters> {
  // A plain form of a foreign page can send other types without asking us.
  if (!JSON_TYPE.test(request.headers.get("content-type") ?? "")) {
    return refused(say("BODY_TYPE"), { status: 415 });
  }
  const limit = unauthenticated ? UNAUTHENTICATED_BODY_BYTES : BODY_BYTES;
  const body = await readBody(request, limit);
  if (body === null) {
    const sentence = say(unauthenticated ? "BODY_LONG_STRANGER" : "BODY_LONG", { limit });
    const response = refusal("LIMIT_EXCEEDED", sentence, { status: 413 });
    return { kind: "refused", response };
  }
  const params = parseJson(body, "its body");
  if (typeof params === "object" && params !== null && !Array.isArray(params)) {
    return { kind: "read", params };
  }
  return refused(say("BODY_NO_OBJECT"));
}

function refused(sentence: Sentence, options: AnswerOptions = {}): Parameters {
  return { kind: "refused", response: refusal("INVALID_INPUT", sentence, options) };
}
