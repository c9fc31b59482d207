/** The same about processes where there is no /proc: from `ps`, which shows the environment behind the command. */
import type { ProcessRow } from "./processes.ts";

/** `-E` is the environment. */
export const MACOS_PS: readonly string[] = [
  "-axwwE",
  ...["-o", "pid=", "-o", "pgid=", "-o", "stat=", "-o", "etime=", "-o", "command="],
];

const SECONDS = [1, 60, 3_600, 86_400];

export async function listByPs(
  options: readonly string[],
  markVariable: string,
): Promise<readonly ProcessRow[]> {
  const { stdout } = await new Deno.Command("ps", { args: [...options], stdin: "null", stderr: "null" })
    .output();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => parseLine(line, markVariable) ?? []);
}

function parseLine(line: string, markVariable: string): ProcessRow | null {
  const found = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line);
  if (found === null) return null;
  const [, pid, group, state, age, command] = found;
  if (state === undefined || age === undefined || command === undefined || /^[ZX]/.test(state)) return null;
  const program = command.split(" ", 1)[0] ?? command;
  return {
    pid: Number(pid),
    group: Number(group),
    name: program.slice(program.lastIndexOf("/") + 1),
    // The mark alone says who it is.
    startedAt: "",
    ageMs: parseAge(age),
    mark: new RegExp(` ${markVariable}=(\\S+)`).exec(command)?.[1] ?? null,
  };
}

/** `[[days-]hours:]minutes:seconds` */
function parseAge(age: string): number {
  const parts = age.split(/[-:]/).reverse();
  return parts.reduce((sum, part, place) => sum + Number(part) * (SECONDS[place] ?? 0), 0) * 1000;
}
