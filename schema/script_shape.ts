/** What shows that a command was not written for the shell that reads it: for the editor, and for the output of its run. */

export type Stretch = readonly [from: number, to: number];

export const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "ash"]);

/** The name of a program without its folder. */
export function programName(path: string): string {
  return path.split("/").at(-1) ?? "";
}

/** The program that the first line asks for; null when it asks for none, or for this one. */
export function otherShebang(
  command: string,
  shellName: string,
): { readonly program: string; readonly stretch: Stretch } | null {
  const [line = "", path = ""] = /^#!\s*(?:\/usr\/bin\/env\s+(?:-S\s+)?)?(\S+)/.exec(command) ?? [];
  const program = programName(path);
  return program === "" || program === shellName ? null : { program, stretch: [0, line.length] };
}

/** Windows line ends become part of the words. */
export function windowsLineEnd(command: string): Stretch | null {
  const index = command.indexOf("\r\n");
  return index === -1 ? null : [index, index + 1];
}
