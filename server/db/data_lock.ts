/** The lock on a data directory: two servers on one directory would each take the other's processes and database for their own. */
import { join } from "node:path";
import { StartError } from "../start_error.ts";
import { adviseOn } from "./bundled_cluster.ts";

const DATA_DIR_MODE = 0o700;
const GROUP_AND_OTHERS = 0o077;
const OTHERS = 0o007;

interface DataLock {
  release(): void;
}

/**
 * Makes the directory when it is missing, and locks it. The kernel frees the lock when the process ends, however it
 * ends, and tasks that outlive us do not inherit it.
 */
export async function lockDataDirectory(dataDir: string): Promise<DataLock> {
  try {
    await Deno.mkdir(dataDir, { recursive: true, mode: DATA_DIR_MODE });
    await closeToOthers(dataDir);
    const file = await Deno.open(join(dataDir, "lock"), { create: true, write: true, mode: 0o600 });
    if (await file.tryLock(true)) return { release: () => file.close() };
    file.close();
  } catch (error) {
    throw new StartError(`Cannot use data directory "${dataDir}": ${reasonOf(error)}`, error);
  }
  throw new StartError(
    `Cannot use data directory "${dataDir}": another Orrery is running on it; stop that one or name another directory ` +
      "with ORRERY_DATA_DIR",
  );
}

/** Somebody may have made the directory before us. Where it belongs to another user, its group may have been given it. */
async function closeToOthers(dataDir: string): Promise<void> {
  const mode = (await Deno.stat(dataDir)).mode ?? 0;
  if ((mode & GROUP_AND_OTHERS) === 0) return;
  try {
    await Deno.chmod(dataDir, DATA_DIR_MODE);
  } catch (error) {
    if ((mode & OTHERS) !== 0 || !(error instanceof Deno.errors.PermissionDenied)) throw error;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) {
    return "permission denied; give it to the user that Orrery runs as";
  }
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return "it is not a directory";
  }
  if (error instanceof Error && "code" in error && error.code === "EROFS") {
    return "it is on a file system that can only be read; name another directory with ORRERY_DATA_DIR";
  }
  return error instanceof Error ? adviseOn(error.message) : String(error);
}
