import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  createEndNotices,
  type NoticePermission,
  type NotificationApi,
} from "../../../client/runs/end_notices.ts";
import type { Memory } from "../../../client/lib/storage.ts";

interface Browser {
  readonly api: NotificationApi;
  readonly asked: number[];
  readonly shown: string[];
}

function browser(
  permission: NoticePermission,
  answer: NoticePermission,
  broken = false,
): Browser {
  const asked: number[] = [];
  const shown: string[] = [];
  class Api {
    static permission = permission;
    static requestPermission(): Promise<NoticePermission> {
      asked.push(1);
      return Promise.resolve(Api.permission = answer);
    }
    onclick = null;
    constructor(title: string) {
      if (broken) throw new TypeError("Illegal constructor");
      shown.push(title);
    }
  }
  return { api: Api, asked, shown };
}

function memory(): Memory {
  const kept = new Map<string, string>();
  return { read: (key) => kept.get(key) ?? null, write: (key, value) => void kept.set(key, value) };
}
const hidden = { hidden: true, focus: (): void => {} };
const seen = { hidden: false, focus: (): void => {} };

Deno.test("createEndNotices() asks for nothing by itself, and tells nothing while it is off", () => {
  const { api, asked, shown } = browser("granted", "granted");
  const notices = createEndNotices(memory(), hidden, api);

  notices.tell("Backup succeeded", "");

  deepStrictEqual([notices.state(), asked.length, shown.length], ["off", 0, 0]);
});

Deno.test("createEndNotices() tells who asked, unless the page is in sight, and is off again by the same button", async () => {
  const { api, shown } = browser("default", "granted");
  const kept = memory();
  const notices = createEndNotices(kept, hidden, api);

  await notices.toggle();
  notices.tell("Backup succeeded", "");
  createEndNotices(kept, seen, api).tell("In sight", "");
  await notices.toggle();
  notices.tell("Off again", "");

  deepStrictEqual(shown, ["Backup succeeded"]);
});

Deno.test("createEndNotices() says when the browser refuses", async () => {
  const { api } = browser("default", "denied");
  const notices = createEndNotices(memory(), hidden, api);

  await notices.toggle();

  strictEqual(notices.state(), "denied");
});

Deno.test("createEndNotices() is missing where there are none, and where they may not be made", async () => {
  const { api } = browser("granted", "granted", true);
  const notices = createEndNotices(memory(), hidden, api);

  await notices.toggle();
  notices.tell("Backup succeeded", "");

  strictEqual(notices.state(), "missing");
  strictEqual(createEndNotices(memory(), hidden, undefined).state(), "missing");
});
