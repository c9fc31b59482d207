import { deepStrictEqual as equal, notDeepStrictEqual, rejects } from "node:assert/strict";
import { openVault } from "../../server/vault/vault.ts";

Deno.test("decrypt() gives back what encrypt() was given, which is never the same twice", async () => {
  const vault = await openVault("a secret");
  const text = "Größe \u{feff}☃ 🪐\n";

  const [one, two] = [await vault.encrypt(text, "project:1/A"), await vault.encrypt(text, "project:1/A")];

  equal(await vault.decrypt(one, "project:1/A"), text);
  equal(await (await openVault("a secret")).decrypt(two, "project:1/A"), text);
  notDeepStrictEqual(one.encryptedValue, two.encryptedValue);
});

Deno.test("decrypt() refuses another key, another place, and a value that was changed", async () => {
  const vault = await openVault("a secret");
  const other = await openVault("another secret");
  const encrypted = await vault.encrypt("value", "project:1/A");
  const changed = Uint8Array.from(encrypted.encryptedValue, (byte, place) => place === 13 ? byte ^ 1 : byte);

  await rejects(other.decrypt(encrypted, "project:1/A"), /this server has key/);
  await rejects(vault.decrypt(encrypted, "project:1/B"));
  await rejects(vault.decrypt({ ...encrypted, encryptedValue: changed }, "project:1/A"));
  notDeepStrictEqual(vault.keyId, other.keyId);
});
