/** What this server needs for its work, each as a check that rejects with the reason. */
import { join } from "node:path";
import type { Service } from "./engine/service.ts";
import { type HealthChecks, UnhealthyError } from "./http/health.ts";

/** Duties poll every second; a pass that fails is repeated within ten. */
const MAX_ROUND_MS = 30_000;
/** A full disk takes an empty file. */
const PROBE_BYTES = 4_096;

interface HealthParts {
  /** Rejects when the database is gone. */
  readonly askDatabase: () => Promise<void>;
  readonly dataDir: string;
  readonly services: readonly Pick<Service, "name" | "sinceRoundMs">[];
}

export function createHealthChecks({ askDatabase, dataDir, services }: HealthParts): HealthChecks {
  let probing: Promise<void> | null = null;
  return {
    database: askDatabase,
    // A disk that does not answer is asked once.
    disk: () => probing ??= writeProbe(dataDir).finally(() => probing = null),
    ...Object.fromEntries(services.map((service) => [service.name, () => checkRounds(service)])),
  };
}

async function writeProbe(dir: string): Promise<void> {
  const path = join(dir, `probe-${crypto.randomUUID()}`);
  try {
    await Deno.writeFile(path, new Uint8Array(PROBE_BYTES), { createNew: true, mode: 0o600 });
  } catch (error) {
    // The rest of the message is the path, which is nobody else's business.
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(": ");
    throw new UnhealthyError(`The data directory cannot be written: ${reason}`, { cause: error });
  } finally {
    await Deno.remove(path).catch(() => {}); // It may not have been made.
  }
}

function checkRounds({ name, sinceRoundMs }: Pick<Service, "name" | "sinceRoundMs">): Promise<void> {
  const roundMs = sinceRoundMs();
  return roundMs < MAX_ROUND_MS
    ? Promise.resolve()
    : Promise.reject(new UnhealthyError(`The ${name} has done nothing for ${Math.round(roundMs / 1_000)} s`));
}
