import { deepStrictEqual } from "node:assert/strict";
import { readVersionAddress } from "../../../client/versions/versions_state.ts";

Deno.test("readVersionAddress() compares the newest with the one before, or what the address names", () => {
  deepStrictEqual(readVersionAddress({}, 7), { version: 7, against: 6 });
  deepStrictEqual(readVersionAddress({ version: "3" }, 7), { version: 3, against: 2 });
  deepStrictEqual(readVersionAddress({ version: "3", against: "7" }, 7), { version: 3, against: 7 });
  deepStrictEqual(readVersionAddress({ version: "1" }, 1), { version: 1, against: 0 });
});

Deno.test("readVersionAddress() takes what is no version for not said", () => {
  for (const version of ["0", "8", "x", "-1", "", "99999999999"]) {
    deepStrictEqual(readVersionAddress({ version }, 7), { version: 7, against: 6 });
  }
});
