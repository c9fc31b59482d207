/** The first line of a command that does something: shell options and comments say little about it. */
export function tellingLine(command: string): string {
  const lines = command.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.find((line) => !/^(?:#|set [-+])/.test(line)) ?? lines[0] ?? "";
}
