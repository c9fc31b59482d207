/**
 * The users of this machine that tasks may run as: those that the agent was started with, and its own. To become another
 * one takes root, and setpriv of util-linux, which leaves nothing of root's groups or capabilities.
 */
const SETPRIV = "/usr/bin/setpriv";

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** Null: the agent's own user, for whom nothing has to be changed. */
export type AllowedUsers = ReadonlyMap<string, SystemUser | null>;

/** A name that the machine does not know is left out, and so is any other user where the agent is not root. */
export async function findUsers(names: readonly string[]): Promise<AllowedUsers> {
  const uid = Deno.uid();
  const own = uid === null ? null : await findUser(String(uid));
  const users = new Map<string, SystemUser | null>(own === null ? [] : [[own.name, null]]);
  if (uid !== 0) return users;
  for (const name of names) {
    const user = users.has(name) ? null : await findUser(name);
    if (user !== null) users.set(name, user);
  }
  return users;
}

/** What makes a command run as the user, in front of it in the words of a shell. */
export function userPrefix({ uid, gid }: SystemUser): string {
  return `${SETPRIV} --reuid=${uid} --regid=${gid} --init-groups --inh-caps=-all `;
}

/** What a login sets. */
export function userEnvironment({ name, home }: SystemUser): Readonly<Record<string, string>> {
  return { HOME: home, USER: name, LOGNAME: name };
}

async function findUser(key: string): Promise<SystemUser | null> {
  try {
    const { code, stdout } = await new Deno.Command("getent", { args: ["passwd", "--", key], stderr: "null" })
      .output();
    const [name = "", , uid, gid, , home = "/"] = new TextDecoder().decode(stdout).trim().split(":");
    return code === 0 ? { name, uid: Number(uid), gid: Number(gid), home } : null;
  } catch (error) {
    // No getent, as on macOS: nobody but the agent's own user.
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
