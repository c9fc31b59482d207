/**
 * What commonly goes wrong in a command that ran well on a terminal or in a crontab. Few rules, each of them seldom wrong:
 * a warning that is wrong teaches people to read none. The library that knows all of them is a program of its own and
 * does not run in a browser.
 */
import {
  otherShebang,
  programName,
  SHELLS,
  type Stretch,
  windowsLineEnd,
} from "../../schema/script_shape.ts";
import { lineAt, scanShell, type ShellText } from "./shell_text.ts";

const shellRules = [
  "crlf",
  "unclosed",
  "crontabLine",
  "shebang",
  "cdUnchecked",
  "rmUnquoted",
  "rmEmpty",
  "pipefail",
  "percent",
  "sudo",
  "background",
  "quotedTilde",
] as const;
export type ShellRule = typeof shellRules[number];

export interface ShellWarning {
  readonly rule: ShellRule;
  /** Places in the text, in code units. */
  readonly from: number;
  readonly to: number;
  /** From 1. */
  readonly line: number;
}

/** A rule that strikes everywhere says so only so often. */
const MAX_OF_A_RULE = 5;
/** Longer ones are generated; nobody reads warnings of them, and they would hold up typing. */
const MAX_CHARACTERS = 50_000;

const PIPEFAIL_SHELLS: ReadonlySet<string> = new Set(["bash", "zsh", "ksh"]);

/** Where a command may begin. */
const BEGIN = String.raw`(?:^|[;&|({!]|\b(?:then|do|else|if|while|until)\b)[ \t]*`;
const FIELD = String.raw`(?:\*|\d+)(?:[-/,](?:\*|\d+))*`;

const FIRST_WORDS = {
  cd: new RegExp(`${BEGIN}(cd[ \\t]+[^\\n;&|]+)(?=\\n|;|$)`, "gm"),
  rm: new RegExp(`${BEGIN}((?:sudo[ \\t]+)?rm[ \\t]+(?:-\\S+[ \\t]+)*-\\w*[rRf]\\w*[ \\t][^\\n;&|]*)`, "gm"),
  sudo: new RegExp(`${BEGIN}(sudo(?:[ \\t]+[^\\n;&|]*)?)`, "gm"),
} as const;

type Rule = (script: ShellText, shell: string) => Iterable<Stretch>;

/** What may go wrong, in the order of the lines. `shell` is the path of what reads the command. */
export function findShellWarnings(command: string, shell: string): readonly ShellWarning[] {
  const name = programName(shell);
  if (command.length > MAX_CHARACTERS || !SHELLS.has(name)) return [];
  const script = scanShell(command);
  return shellRules.flatMap((rule) =>
    [...rules[rule](script, name)].slice(0, MAX_OF_A_RULE).map(([from, to]) => ({
      rule,
      from,
      to: Math.min(command.length, Math.max(to, from + 1)),
      line: lineAt(command, from),
    }))
  ).sort((one, two) => one.from - two.from);
}

const rules: { readonly [R in ShellRule]: Rule } = {
  *crlf({ text }): Iterable<Stretch> {
    const place = windowsLineEnd(text);
    if (place !== null) yield place;
  },
  *unclosed({ unclosedAt }): Iterable<Stretch> {
    if (unclosedAt !== null) yield [unclosedAt, unclosedAt + 1];
  },
  /** A whole line of a crontab: its times belong into the schedule. */
  *crontabLine({ code }): Iterable<Stretch> {
    const match = new RegExp(
      `^[ \\t]*(?:(?:${FIELD}[ \\t]+){4}${FIELD}|@(?:hourly|daily|weekly|monthly|yearly|reboot))[ \\t]`,
    )
      .exec(code);
    if (match !== null) yield [match.index, match.index + match[0].length];
  },
  *shebang({ text }, shell): Iterable<Stretch> {
    const other = otherShebang(text, shell);
    if (other !== null) yield other.stretch;
  },
  /** What follows would run in the wrong folder. */
  *cdUnchecked({ code }): Iterable<Stretch> {
    const exits = errexitAt(code);
    for (const place of captures(code, FIRST_WORDS.cd)) {
      const last = code.slice(place[1]).trim() === "";
      if (!last && (exits === null || place[0] < exits)) yield place;
    }
  },
  *rmUnquoted(script): Iterable<Stretch> {
    for (const [from, to] of captures(script.code, FIRST_WORDS.rm)) {
      const variable = /\$\{?\w+/.exec(script.code.slice(from, to));
      if (variable !== null) yield [from, to];
    }
  },
  /** An empty variable makes it the root folder. */
  *rmEmpty({ expanded, code }): Iterable<Stretch> {
    if (/\bset[ \t]+-\w*u|nounset/.test(code)) return;
    for (const [from, to] of captures(code, FIRST_WORDS.rm)) {
      const words = expanded.slice(from, lineStop(expanded, to));
      if (/[ \t]"?\$(?:\w+|\{\w+\})"?\//.test(words)) yield [from, to];
    }
  },
  /** `set -e` looks at the last command of a pipe only. */
  *pipefail({ code }, shell): Iterable<Stretch> {
    const exits = errexitAt(code);
    if (exits === null || /pipefail/.test(code) || !PIPEFAIL_SHELLS.has(shell)) return;
    const pipe = /(?<![|>&])\|(?![|&])/.exec(code.slice(exits));
    if (pipe !== null) yield [exits + pipe.index, exits + pipe.index + 1];
  },
  *percent({ text, contextAt }): Iterable<Stretch> {
    for (const match of text.matchAll(/\\%/g)) {
      const context = contextAt(match.index);
      if (context !== "comment" && context !== "heredoc") yield [match.index, match.index + 2];
    }
  },
  /** Nobody is there to type a password. */
  *sudo({ code }): Iterable<Stretch> {
    for (const [from, to] of captures(code, FIRST_WORDS.sudo)) {
      if (
        !/^sudo(?:[ \t]+-[ugpCrthT][ \t]+\S+|[ \t]+-\S+)*?[ \t]+(?:-\w*[nSAvlkK]\w*|--non-interactive|--stdin|--askpass)\b/
          .test(
            code.slice(from, to),
          )
      ) {
        yield [from, from + 4];
      }
    }
  },
  /** The task is over while it still runs. */
  *background({ code }): Iterable<Stretch> {
    const match = /(?<![&>|\\])&[ \t\r]*$/.exec(code.trimEnd());
    if (match !== null) yield [match.index, match.index + 1];
  },
  *quotedTilde({ text, contextAt }): Iterable<Stretch> {
    for (const match of text.matchAll(/["']~\//g)) {
      const context = contextAt(match.index);
      const opens = context !== contextAt(match.index - 1) || match.index === 0;
      if ((context === "single" || context === "double") && opens) {
        yield [match.index, match.index + 3];
      }
    }
  },
};

/** Where the script begins to stop at the first failure; null when it never does. */
function errexitAt(code: string): number | null {
  const match = /\bset[ \t]+(?:-\w+[ \t]+)*(?:-\w*e\w*\b|-o[ \t]+errexit)/.exec(code);
  return match === null ? null : match.index;
}

/** The places of the first group of every match. */
function* captures(text: string, pattern: RegExp): Generator<Stretch> {
  for (const match of text.matchAll(pattern)) {
    const [whole, word = ""] = match;
    const from = match.index + whole.lastIndexOf(word);
    yield [from, from + word.trimEnd().length];
  }
}

/** The end of the command that a place lies in: in quotes it goes on. */
function lineStop(text: string, index: number): number {
  const end = /[\n;]/.exec(text.slice(index));
  return end === null ? text.length : index + end.index;
}
