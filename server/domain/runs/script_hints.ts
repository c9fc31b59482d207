/** Says in the output of an attempt why a command that was not written for its shell does not do what it says. */
import { otherShebang, programName, SHELLS, windowsLineEnd } from "../../../schema/script_shape.ts";

/** Null when nothing is to be said. Another shell in the first line may well be understood. */
export function scriptHint(
  { command, shell }: { readonly command: string; readonly shell: string },
): string | null {
  const name = programName(shell);
  if (!SHELLS.has(name)) return null;
  const hints: string[] = [];
  const other = otherShebang(command, name);
  if (other !== null && !SHELLS.has(other.program)) {
    hints.push(
      `The first line names ${other.program}, but ${shell} reads this command: ` +
        `run the program from a file, or hand it the text, such as ${other.program} - <<'END'`,
    );
  }
  if (windowsLineEnd(command) !== null) {
    hints.push(
      `The command has Windows line ends, which ${shell} takes for part of the words: use LF instead of CR LF`,
    );
  }
  return hints.length === 0 ? null : hints.join("\n");
}
