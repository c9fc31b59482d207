/**
 * Encrypts what people entrust to the server and no API returns: values of secrets. AES-256-GCM with a random nonce for each
 * value; the key is derived from ORRERY_SECRET, or from a random one in the data directory.
 */

const KEY_PURPOSE = "orrery vault 1";
const KEY_ID_PURPOSE = "orrery vault key id 1";
const KEY_BITS = 256;
const KEY_ID_BITS = 64;
const NONCE_BYTES = 12;

export interface Encrypted {
  /** The nonce, the encrypted text and its tag. */
  readonly encryptedValue: Uint8Array;
  /** The key that it was encrypted with. */
  readonly keyId: string;
}

export interface Vault {
  /** Tells keys apart without revealing them. */
  readonly keyId: string;
  /** `place` says what the value belongs to: it cannot be decrypted as the value of anything else. */
  encrypt(text: string, place: string): Promise<Encrypted>;
  /** Throws when it was encrypted with another key, for another place, or was changed. */
  decrypt(encrypted: Encrypted, place: string): Promise<string>;
}

export async function openVault(secret: string): Promise<Vault> {
  const keyId = new Uint8Array(await derive(secret, KEY_ID_PURPOSE, KEY_ID_BITS)).toHex();
  const key = await crypto.subtle.importKey(
    "raw",
    await derive(secret, KEY_PURPOSE, KEY_BITS),
    "AES-GCM",
    false,
    [
      "encrypt",
      "decrypt",
    ],
  );
  return {
    keyId,
    async encrypt(text, place): Promise<Encrypted> {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const encrypted = await crypto.subtle.encrypt(algorithm(nonce, place), key, bytesOf(text));
      const encryptedValue = new Uint8Array(NONCE_BYTES + encrypted.byteLength);
      encryptedValue.set(nonce);
      encryptedValue.set(new Uint8Array(encrypted), NONCE_BYTES);
      return { encryptedValue, keyId };
    },
    async decrypt({ encryptedValue, keyId: usedKeyId }, place): Promise<string> {
      if (usedKeyId !== keyId) {
        throw new Error(`encrypted with key ${usedKeyId}, this server has key ${keyId}`);
      }
      // A copy: the driver's bytes may be a part of a larger buffer.
      const bytes = new Uint8Array(encryptedValue);
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const text = await crypto.subtle.decrypt(algorithm(nonce, place), key, bytes.subarray(NONCE_BYTES));
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(text);
    },
  };
}

function algorithm(nonce: Uint8Array<ArrayBuffer>, place: string): AesGcmParams {
  return { name: "AES-GCM", iv: nonce, additionalData: bytesOf(place) };
}

async function derive(secret: string, purpose: string, bits: number): Promise<ArrayBuffer> {
  const material = await crypto.subtle.importKey("raw", bytesOf(secret), "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytesOf(purpose) };
  return await crypto.subtle.deriveBits(parameters, material, bits);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
