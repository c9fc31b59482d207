/** Random values that a server makes once and keeps in its data directory, for its own user alone. */
import { join } from "node:path";

const SECRET_BYTES = 32;

/** What was kept under this name, or a new random value. A kill while it is written leaves nothing half made. */
export async function readOrMakeSecret(dataDir: string, name: string): Promise<string> {
  const kept = await readSecret(dataDir, name);
  if (kept !== null) return kept;
  const path = join(dataDir, name);
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toHex();
  await writeSecret(path, `${secret}\n`);
  return secret;
}

/** Null when there is none of this name. */
export async function readSecret(dataDir: string, name: string): Promise<string | null> {
  try {
    return (await Deno.readTextFile(join(dataDir, name))).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

export async function writeSecret(path: string, content: string): Promise<void> {
  const unfinished = `${path}.new`;
  await Deno.writeTextFile(unfinished, content, { mode: 0o600 });
  await Deno.rename(unfinished, path);
}
