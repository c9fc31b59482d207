import { rejects } from "node:assert/strict";
import { InvalidInputError } from "../../../schema/errors.ts";
import { refuseWeak } from "../../../server/domain/accounts/weak_passwords.ts";

const weak = [
  "short",
  "password",
  "12345678",
  "aaaaaaaa",
  "a".repeat(40),
  "abababababab",
  "Password1",
  "PASSWORD!!",
  "p@ssw0rd",
  "P@$$w0rd2026!",
  "qwertyuiop",
  "qwerty123",
  "1q2w3e4r",
  "iloveyou",
  "letmein1",
  "sunshine2026",
  "abcdefgh",
  "hgfedcba",
  "234567890123",
  "987654321098",
  "the present one",
  "Ada Lovelace",
  "x".repeat(1_001),
];
for (const password of weak) {
  Deno.test(`refuseWeak() refuses ${password.slice(0, 20)}`, async () => {
    await rejects(
      refuseWeak(password, "the present one", "ada lovelace", "change the password"),
      InvalidInputError,
    );
  });
}

for (
  const password of [
    "correct horse battery",
    "long-password-0",
    "gT7#wq9Lz",
    "密码很难猜到吗八个",
    "2026-11-30 14:07 dentist",
  ]
) {
  Deno.test(`refuseWeak() takes ${password}`, async () => {
    await refuseWeak(password, "the present one", "ada", "change the password");
  });
}
