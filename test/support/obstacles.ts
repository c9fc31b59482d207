/** What a task may put in the place of a file of the spool. Each takes the path away first. */
import { dirname, join } from "node:path";

export const SECRET = "what only the server may read";

const COMMANDS: readonly string[] = [
  `mkfifo "$0"`,
  `mkdir "$0"`,
  `mkdir -p "$0/inner"`,
  `ln -s "$1" "$0"`,
  `ln -s "$1.missing" "$0"`,
  `ln -s /dev/zero "$0"`,
  `ln "$1" "$0"`,
];

export const OBSTACLES: readonly ((path: string) => Promise<void>)[] = COMMANDS.map(
  (command) => async (path) => {
    const secret = join(dirname(path), "secret");
    await Deno.writeTextFile(secret, `${SECRET}\n`);
    const args = ["-c", `rm -rf "$0"; ${command}`, path, secret];
    const { success } = await new Deno.Command("/bin/sh", { args }).output();
    if (!success) throw new Error(`Cannot put an obstacle at "${path}"`);
  },
);
