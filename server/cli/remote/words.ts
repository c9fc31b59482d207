/** What all commands have in common: reading their words, and writing to the two streams. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { StartError } from "../../start_error.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

export const SERVER = { server: { type: "string" } } as const;

/** The words of a command; a wrong one is told with how it is used. */
// deno-lint-ignore explicit-function-return-type -- parseArgs infers it from the options
export function readWords<const O extends Options>(
  args: readonly string[],
  options: O,
  usage: string,
  count: { readonly least: number; readonly most: number },
) {
  try {
    const read = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    const { length } = read.positionals;
    if (length >= count.least && length <= count.most) return read;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new StartError(`${error.message.split(". ")[0]}\n\nUsage: ${usage}`, error);
  }
  throw new StartError(`Usage: ${usage}`);
}

export function print(text: string): void {
  writeWhole(Deno.stdout, text);
}

export function printError(text: string): void {
  writeWhole(Deno.stderr, text);
}

function writeWhole(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(`${text}\n`);
  for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
}

/** A file, or standard input for "-". */
export async function readText(path: string): Promise<string> {
  try {
    return path === "-" ? await new Response(Deno.stdin.readable).text() : await Deno.readTextFile(path);
  } catch (error) {
    throw new StartError(`Cannot read "${path}": ${error instanceof Error ? error.message : error}`, error);
  }
}
