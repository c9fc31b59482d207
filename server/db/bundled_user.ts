/** The system's user that runs the bundled PostgreSQL, which refuses to run as root. */
import { StartError } from "../start_error.ts";

/** The user "nobody" of every Linux: owns the cluster of a server that runs as root, unless somebody else already does. */
const UNPRIVILEGED_ID = 65_534;
/** Keeps one privilege of root: to enter folders that only root may enter, such as /root. */
const SETPRIV_OPTIONS = [
  "--clear-groups",
  ...["--securebits", "+no_setuid_fixup", "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"],
];

export interface DatabaseUser {
  /** Makes it the owner of a folder. */
  own(folder: string): Promise<void>;
  /** A command that runs a program as this user. */
  command(program: string, args: readonly string[], options: Deno.CommandOptions): Deno.Command;
}

/** The user that Orrery itself runs as; for root, another one. `folder` is to be the cluster's. */
export async function chooseDatabaseUser(folder: string): Promise<DatabaseUser> {
  if (Deno.uid() !== 0) {
    return {
      own: () => Promise.resolve(),
      command: (program, args, options) => new Deno.Command(program, { ...options, args: [...args] }),
    };
  }
  const { uid, gid } = await ownerOf(folder);
  const own = (path: string): Promise<void> => Deno.chown(path, uid, gid);
  const command: DatabaseUser["command"] = (program, args, options) =>
    new Deno.Command("setpriv", {
      ...options,
      args: ["--reuid", `${uid}`, "--regid", `${gid}`, ...SETPRIV_OPTIONS, program, ...args],
    });
  await own(folder);
  if (await canEnter(command, folder)) return { own, command };
  throw new StartError(
    "Cannot start the bundled database as root: PostgreSQL refuses to run as root, and its privileges cannot be dropped " +
      `here (setpriv and the capabilities SETUID, SETGID and DAC_OVERRIDE are needed); run Orrery as an ordinary user, or ` +
      "set ORRERY_DATABASE_URL",
  );
}

async function ownerOf(folder: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const { uid, gid } = await Deno.stat(folder);
  return uid === null || gid === null || uid === 0
    ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID }
    : { uid, gid };
}

async function canEnter(command: DatabaseUser["command"], folder: string): Promise<boolean> {
  const options = {
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  } as const;
  try {
    const { success } = await command("/bin/sh", ["-c", 'cd "$0" && test -w .', folder], options).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
