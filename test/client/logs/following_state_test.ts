import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  followAfterLines,
  followAfterScroll,
  type ScrollPlace,
} from "../../../client/logs/following_state.ts";

Deno.test("followAfterScroll() lets go when the reader scrolls up, and takes hold at the end", () => {
  const place = (top: number): ScrollPlace => ({ top, height: 100, contentHeight: 1000 });

  const away = followAfterScroll({ follow: true, unseen: 0 }, 500, place(300), "up");
  const down = followAfterScroll(followAfterLines(away, 5), 300, place(600), "other");
  const end = followAfterScroll(down, 600, place(898), "other");

  deepStrictEqual(away, { follow: false, unseen: 0 });
  deepStrictEqual(down, { follow: false, unseen: 5 });
  deepStrictEqual(end, { follow: true, unseen: 0 });
});

Deno.test("followAfterScroll() keeps following when the view moved by itself", () => {
  const state = { follow: true, unseen: 0 };

  strictEqual(followAfterScroll(state, 500, { top: 300, height: 100, contentHeight: 1000 }, null), state);
});

Deno.test("followAfterScroll() lets go while the reader's hand moves up, though lines have just moved it to the end", () => {
  const end = { top: 900, height: 100, contentHeight: 1000 };

  deepStrictEqual(followAfterScroll({ follow: true, unseen: 0 }, 850, end, "up"), {
    follow: false,
    unseen: 0,
  });
  deepStrictEqual(followAfterScroll({ follow: false, unseen: 2 }, 850, end, "other"), {
    follow: true,
    unseen: 0,
  });
});

Deno.test("followAfterLines() counts nothing while the end is in view", () => {
  deepStrictEqual(followAfterLines({ follow: true, unseen: 0 }, 9), { follow: true, unseen: 0 });
});
