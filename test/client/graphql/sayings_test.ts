import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { faultMessage } from "../../../client/graphql/refusals.ts";
import { sayResult } from "../../../client/graphql/sayings.ts";
import { en } from "../../../client/i18n/en.ts";
import { zh } from "../../../client/i18n/zh.ts";
import { say, textOf } from "../../../schema/sentences.ts";

const sentence = say("CONTAINER_NAME_TAKEN", { action: "create container", name: "nightly" });
const message = textOf(sentence);
const told = { messageKey: sentence.key, messageValues: sentence.values };
const refusal = { __typename: "ConflictError", code: "CONFLICT", message, path: ["name"], ...told };
const chinese = "无法创建容器：项目中已有名为“nightly”的容器";

Deno.test("sayResult() says the refusal of a mutation in the language of the page", () => {
  const said = sayResult(resultOf({ data: { createContainer: refusal } }), zh);

  deepStrictEqual(said.data, { createContainer: { ...refusal, message: chinese } });
});

Deno.test("sayResult() leaves an English page the server's own words", () => {
  const said = sayResult(resultOf({ data: { createContainer: refusal } }), en);

  deepStrictEqual(said.data, { createContainer: refusal });
});

Deno.test("sayResult() touches nothing that is no refusal", () => {
  const data = {
    triggerRun: { __typename: "Run", reason: "Stopped", message: null },
    viewer: null,
    count: 3,
  };

  strictEqual(sayResult(resultOf({ data }), zh).data, data);
});

Deno.test("sayResult() says the errors of a request, and keeps their codes", () => {
  const extensions = { code: "CONFLICT", ...told };
  const error = { graphQLErrors: [{ message, path: ["a"], extensions }] };

  const said = sayResult(resultOf({ error }), zh).error;

  strictEqual(faultMessage(said), chinese);
  deepStrictEqual(said?.graphQLErrors[0]?.extensions, extensions);
});

Deno.test("sayResult() says that the server did not answer, and why where that is known", () => {
  const say = (networkError: Error, words: typeof en): string =>
    faultMessage(sayResult(resultOf({ error: { networkError, graphQLErrors: [] } }), words).error);

  strictEqual(say(new TypeError("Failed to fetch"), en), "The server did not answer");
  strictEqual(say(new TypeError("Failed to fetch"), zh), "服务器没有应答");
  strictEqual(say(new Error("Bad Gateway"), en), "The server did not answer (Bad Gateway)");
  strictEqual(say(new Error("Bad Gateway"), zh), "服务器没有应答（Bad Gateway）");
});

function resultOf(answer: {
  readonly data?: object;
  readonly error?: { readonly networkError?: Error; readonly graphQLErrors: readonly object[] };
}): Parameters<typeof sayResult>[0] {
  // What the client hands over has more, which is handed on unread.
  return answer as unknown as Parameters<typeof sayResult>[0];
}
