/** A disk that is soon full: a file system in memory, where this user may mount one. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export interface SmallDisk extends AsyncDisposable {
  readonly dir: string;
  /** Takes all the room that is left. */
  fill(): Promise<void>;
  /** Gives it back. */
  empty(): Promise<void>;
}

const FILLER_BYTES = 64 * 1024;

/** Tries it out: nothing else tells whether it is allowed here. */
export function canMount(): boolean {
  const dir = Deno.makeTempDirSync({ prefix: "orrery-disk-" });
  const mounted = mount(dir, FILLER_BYTES);
  if (mounted) unmount(dir);
  Deno.removeSync(dir);
  return mounted;
}

export async function openSmallDisk(sizeBytes: number): Promise<SmallDisk> {
  const dir = await Deno.makeTempDir({ prefix: "orrery-disk-" });
  if (!mount(dir, sizeBytes)) throw new Error(`Cannot mount a disk at "${dir}"`);
  const filler = join(dir, "filler");
  return {
    dir,
    async fill(): Promise<void> {
      using file = await Deno.open(filler, { create: true, append: true });
      // Down to the last byte: a small file finds no room either.
      for (let size = FILLER_BYTES; size > 0;) {
        try {
          await file.write(new Uint8Array(size));
        } catch (error) {
          if (!isFull(error)) throw error;
          size = Math.floor(size / 2);
        }
      }
    },
    empty: () => Deno.remove(filler),
    async [Symbol.asyncDispose](): Promise<void> {
      unmount(dir);
      await Deno.remove(dir);
    },
  };
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}

function mount(dir: string, sizeBytes: number): boolean {
  const args = ["-t", "tmpfs", "-o", `size=${sizeBytes}`, "none", dir];
  return Deno.build.os === "linux" && spawnSync("mount", args, { stdio: "ignore" }).status === 0;
}

/** Lazily: a test that failed may have left a file open. */
function unmount(dir: string): void {
  const { status } = spawnSync("umount", ["-l", dir], { stdio: "ignore" });
  if (status !== 0) throw new Error(`Cannot unmount "${dir}"`);
}
