import { strictEqual } from "node:assert/strict";
import { en } from "../../../client/i18n/en.ts";
import { type Saying, sayServerWords } from "../../../client/lib/server_sentences.ts";
import { zh } from "../../../client/i18n/zh.ts";
import { type AttemptReport, decideAttemptEnd } from "../../../server/domain/rules/attempt_end.ts";
import { decideOverlap } from "../../../server/domain/rules/overlap.ts";
import { lateText } from "../../../server/domain/schedules/lateness.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const english: Saying = { words: en, language: "en", now: NOW };
const chinese: Saying = { words: zh, language: "zh", now: NOW };

/** What the server says, and what becomes of it in Chinese. */
const told: readonly (readonly [text: string, chinese: string])[] = [
  ["Exit code 3", "退出码 3"],
  ["Killed by SIGKILL; the disk is full", "被 SIGKILL 终止；the disk is full"],
  ["Cancelled by admin", "被 admin 取消"],
  [`Task "load; all" failed: Exit code 3`, "任务“load; all”失败：退出码 3"],
  [
    `Task "a" failed: Killed by SIGTERM; Stopped (and 2 more)`,
    "任务“a”失败：被 SIGTERM 终止；已停止（另有 2 个）",
  ],
  [`It waited for "a" to succeed, which ended timed out`, "它等待“a”成功，而后者超时"],
  [`It waited for "a" to fail, which was passed over`, "它等待“a”失败，而后者被略过"],
  ["Attempt 2 failed: Exit code 1; tried again after a delay", "第 2 次尝试失败：退出码 1；稍后重试"],
  [
    "No server was up when it was due, and more than 9 slots were missed",
    "到点时没有服务器在运行，错过超过 9 次",
  ],
  [`It waits for the end of "a", "b"`, `等待 "a", "b" 结束`],
  ["The run may have 1 task running at once", "这次运行最多同时执行 1 个任务"],
  ["All 8 slots are taken", "8 个执行位全部占用"],
  ["2 of 8 slots are taken: it starts in a moment", "8 个执行位已占用 2 个，即将开始"],
  ["2 relations changed", "更改了 2 条关系"],
  [`enabled, was named "Sowing"`, `已启用；原名“Sowing”`],
];

Deno.test("sayServerWords() says in Chinese what the server is known to write", () => {
  for (const [text, said] of told) strictEqual(sayServerWords(chinese, text), said);
});

Deno.test("sayServerWords() says in English what the server wrote, word for word", () => {
  for (const [text] of told.filter(([text]) => !text.includes(", was named"))) {
    strictEqual(sayServerWords(english, text), text);
  }
});

Deno.test("sayServerWords() calls fields and times as the console does", () => {
  const changes = `version 2 restored: task "a" changed: maxRetries, command; task "b" deleted; and 3 more`;
  strictEqual(
    sayServerWords(english, changes),
    `version 2 restored: task "a" changed: retries, command; task "b" deleted; and 3 more`,
  );
  strictEqual(
    sayServerWords(chinese, changes),
    "恢复了版本 2：更改了任务“a”：重试次数、命令；删除了任务“b”；另有 3 项",
  );
  strictEqual(
    sayServerWords(
      english,
      "The slot of 2026-11-20T02:30:00.000Z passed without a run: No server was up when it was due",
    ),
    "The slot of Fri, Nov 20, 02:30 UTC passed without a run: No server was up when it was due",
  );
});

Deno.test("sayServerWords() leaves what it does not know as it is", () => {
  for (const text of ["", "ENOSPC; no space left, on device", `task "x" is odd`]) {
    strictEqual(sayServerWords(chinese, text), text);
  }
});

Deno.test("sayServerWords() knows what the server's own rules say", () => {
  const none = { exitCode: null, signal: null, reason: null };
  const reports: readonly AttemptReport[] = [
    { ...none, cause: "EXIT", exitCode: 3 },
    { ...none, cause: "EXIT", signal: "SIGKILL" },
    { ...none, cause: "STOPPED" },
    { ...none, cause: "TIMED_OUT" },
    { ...none, cause: "NOT_STARTED" },
    { ...none, cause: "VANISHED" },
    { ...none, cause: "LOST" },
  ];
  for (const report of reports) isKnown(decideAttemptEnd(report, null)?.reason ?? "");
  for (const policy of ["SKIP", "QUEUE"] as const) {
    const decision = decideOverlap(policy, "SCHEDULE", { running: 1, queued: 1 });
    if (decision.kind === "refuse") isKnown(`Overlap: ${decision.reason.text}`);
  }
  isKnown(lateText(new Date(NOW), 300));
});

/** Nothing of it stays English, but what is a name. */
function isKnown(text: string): void {
  const said = sayServerWords(chinese, text);
  strictEqual(/[a-z]{2}/.test(said), false, `${text} is said as ${said}`);
}
