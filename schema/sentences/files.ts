/** What is wrong with definition files. */
import type { Format, Sentence } from "../sentences.ts";

export const fileFaults = {
  FILE_NESTED: () => "The file is nested too deep",
  FILE_ALIASES: ({ most }: { readonly most: number }) => `A document uses at most ${most} aliases`,
  FILE_NO_MAP: () => "Keys with values are needed here, such as `name: Nightly load`",
  FILE_KEY: () => "A key is a plain text",
  FILE_KIND: ({ kind }: { readonly kind: string }) => `Every document begins with \`kind: ${kind}\``,
  FILE_UNKNOWN_KEY: ({ key, known }: { readonly key: string; readonly known: readonly string[] }) =>
    `There is no key "${key}": here are ${known.join(", ")}`,
  FILE_NAME_TWICE: (
    { name, path, line }: { readonly name: string; readonly path: string; readonly line: number },
  ) => `Container "${name}" is in ${path}, line ${line}, already`,
  FILE_NO_COMMAND: ({ name }: { readonly name: string }) => `Task "${name}" needs a command`,
  FILE_AFTER: ({ known }: { readonly known: readonly string[] }) =>
    `after lists names of tasks, or { task: NAME, on: CONDITION } with a condition of ${known.join(", ")}`,
} as const;

export const fileSentences = {
  FILES_FAULTY: (
    { path, line, column, why, more }: {
      readonly path: string;
      readonly line: number;
      readonly column: number;
      readonly why: Sentence;
      readonly more: number;
    },
    format: Format,
  ) =>
    `Cannot apply files: ${path}, line ${line}, column ${column}: ${format(why)}` +
    (more === 0 ? "" : ` (and ${more} more)`),
  FILES_LARGE: (
    { files, tasks, bytes }: { readonly files: number; readonly tasks: number; readonly bytes: number },
  ) => `Cannot read the files: at most ${files} files with ${tasks} tasks and ${bytes} bytes are allowed`,
  FILES_SOURCE: ({ most }: { readonly most: number }) =>
    `Cannot read the files: a source has 1 to ${most} characters`,
  FILES_PRUNE: () =>
    "Cannot prune without a source: it deletes the containers of the same source that are in none of the files; name the source",
  FILES_OUTDATED: (
    { name, version, expected }: {
      readonly name: string;
      readonly version: number;
      readonly expected: number;
    },
  ) =>
    `Cannot apply files: container "${name}" ${
      version === 0 ? "does not exist any more" : `is at version ${version}`
    }, the plan was made ${expected === 0 ? "when it did not exist" : `at version ${expected}`}; plan again`,
} as const;
