import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  followAfterLines,
  followAfterScroll,
  type ScrollPlace,
} from "../../../client/logs/following_state.ts";

Deno.test("followAfterScroll() lets go when the reader scrolls up, and takes hold at the end", () => {
  const place = (top: number): ScrollPlace => ({ top, height: 100, contentHeight: 1000 });

  const away = followAfterScroll({ follow: true, unseen: 0 }, 500, place(300), true);
  const down = followAfterScroll(followAfterLines(away, 5), 300, place(600), true);
  const end = followAfterScroll(down, 600, place(898), true);

  deepStrictEqual(away, { follow: false, unseen: 0 });
  deepStrictEqual(down, { follow: false, unseen: 5 });
  deepStrictEqual(end, { follow: true, unseen: 0 });
});

Deno.test("followAfterScroll() keeps following when the view moved by itself", () => {
  const state = { follow: true, unseen: 0 };

  strictEqual(followAfterScroll(state, 500, { top: 300, height: 100, contentHeight: 1000 }, false), state);
});

Deno.test("followAfterLines() counts nothing while the end is in view", () => {
  deepStrictEqual(followAfterLines({ follow: true, unseen: 0 }, 9), { follow: true, unseen: 0 });
});
