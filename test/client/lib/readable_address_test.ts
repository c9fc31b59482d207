import { strictEqual } from "node:assert/strict";
import { readablePath } from "../../../client/lib/readable_address.ts";

Deno.test("readablePath() leaves alone what can be read", () => {
  strictEqual(readablePath("/containers/Q29u%3D"), "/containers/Q29u%3D");
  strictEqual(readablePath("/%E6%97%A5"), "/%E6%97%A5");
});

Deno.test("readablePath() takes the percent signs from what cannot be read", () => {
  strictEqual(readablePath("/containers/%E0%A4%A"), "/containers/E0A4A");
  strictEqual(readablePath("/100%"), "/100");
});
