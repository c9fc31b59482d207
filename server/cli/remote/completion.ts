/** `completion SHELL` prints what a shell has to be told, and `complete` what may follow the words that were typed. */
import { StartError } from "../../start_error.ts";
import { print } from "./words.ts";

const scripts: Readonly<Record<string, string>> = {
  bash: `_orrery() { local IFS=$'\\n'; COMPREPLY=($(orrery complete "\${COMP_WORDS[@]:1:COMP_CWORD}")); }
complete -o default -F _orrery orrery`,
  zsh: `#compdef orrery
_orrery() { local -a found; found=("\${(@f)$(orrery complete "\${(@)words[2,CURRENT]}")}"); compadd -a found || _files; }
compdef _orrery orrery`,
  fish: `complete -c orrery -a '(orrery complete (commandline -opc)[2..] (commandline -ct))'`,
};

const actions: Readonly<Record<string, readonly string[]>> = {
  crontab: ["preview", "import", "compare", "switch"],
  completion: ["bash", "zsh", "fish"],
  user: ["add", "password"],
};

export function runCompletion([shell = ""]: readonly string[]): Promise<number> {
  const script = scripts[shell];
  if (script === undefined) throw new StartError("Usage: completion bash|zsh|fish");
  print(script);
  return Promise.resolve(0);
}

/** The last word is the one that is being typed. */
export async function runComplete(words: readonly string[], commands: readonly string[]): Promise<number> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const found = (await candidates(before, commands)).filter((word) => word.startsWith(typed));
  if (found.length > 0) print(found.join("\n"));
  return 0;
}

async function candidates(
  [command, field]: readonly string[],
  commands: readonly string[],
): Promise<readonly string[]> {
  if (command === undefined) return commands;
  if (command !== "api") return field === undefined ? actions[command] ?? [] : [];
  const { apiFields, readApi } = await import("./api.ts");
  const fields = apiFields(readApi()).map((known) => known.field);
  if (field === undefined) return fields.map(({ name }) => name);
  const own = fields.find(({ name }) => name === field)?.args ?? [];
  return [...own.map(({ name }) => `--${name}`), "--fields", "--server", "--help"];
}
