/**
 * Sentences that the server wrote, said in the language of the page. The API says in English why something ended, what
 * was missed and what was changed; here the sentences that it is known to write are recognised and said again. What is
 * not recognised (a system's own words, an older server's sentence) stays as it is.
 */
import { relationConditions, taskRunStates } from "../../schema/states.ts";
import { formatFire } from "./time.ts";
import type { Dictionary } from "../i18n/en.ts";
import { fieldName } from "../i18n/field_names.ts";

export interface Saying {
  readonly words: Dictionary;
  readonly language: string;
  /** Milliseconds; whether a date says its year depends on it. */
  readonly now: number;
}

interface Rule {
  readonly pattern: RegExp;
  /** Given what the groups of the pattern found; "" for one that found nothing. */
  readonly say: (saying: Saying, found: readonly string[]) => string;
}

type Sentence = keyof Dictionary["serverSentences"];

const BETWEEN_PARTS = /; |, (?=was named ")/;

const SENTENCES = new Map<string, Sentence>(
  [
    ["A task failed", "someTask"],
    ["Every task was skipped", "allSkipped"],
    ["The task is disabled", "disabledTask"],
    ["Kept from the earlier run", "kept"],
    ["Succeeded again", "again"],
    ["Stopped", "stopped"],
    ["It had not been started yet", "unstarted"],
    ["Its time limit was over", "taskLimit"],
    ["The time limit of the run was over", "runLimit"],
    ["Its process could not be started", "noProcess"],
    ["Killed from outside: its process left no status", "vanished"],
    ["The machine was restarted under it", "restarted"],
    ["The machine was restarted under it, or what the agent noted of it is gone", "lost"],
    ["Replaced by a newer run of its container", "replaced"],
    ["Overlap: a run of this container is active and its overlap policy is SKIP", "overlapActive"],
    ["Overlap: a run of this container is already waiting behind the active one", "overlapWaiting"],
    ["Empty: the container has no enabled task", "empty"],
    ["No server was up when it was due", "outage"],
    ["No agent that takes work is online", "noAgent"],
    ["It is queued until the run of its container that runs now has ended", "queuedBehindRunning"],
    ["It is queued behind an earlier run of its container that waits itself", "queuedBehindWaiting"],
    ["created", "created"],
    ["deleted", "deleted"],
    ["enabled", "enabled"],
    ["disabled", "disabled"],
    ["relation deleted", "relationDeleted"],
  ],
);

/** Sentences that hold another one, which may have several parts. */
const WHOLES: readonly Rule[] = [
  {
    pattern: /^Task "(.+?)" failed(?:: (.+?))?(?: \(and (\d+) more\))?$/s,
    say: (saying, [name = "", why = "", more]) =>
      saying.words.serverWords.taskFailed(name, sayServerWords(saying, why), Number(more)),
  },
  {
    pattern: /^Task "(.+?)" was cancelled(?:: (.+?))?(?: \(and (\d+) more\))?$/s,
    say: (saying, [name = "", why = "", more]) =>
      saying.words.serverWords.taskCancelled(name, sayServerWords(saying, why), Number(more)),
  },
  {
    pattern: /^Attempt (\d+) failed: (.+); tried again after a delay$/s,
    say: (saying, [number, why = ""]) =>
      saying.words.serverWords.retried(Number(number), sayServerWords(saying, why)),
  },
  {
    pattern: /^version (\d+) restored: (.+)$/s,
    say: (saying, [version, changes = ""]) =>
      saying.words.serverWords.restored(Number(version), sayServerWords(saying, changes)),
  },
  {
    pattern: /^The slot of (\S+Z) passed without a run(?:: (.+))?$/s,
    say: (saying, [at = "", why = ""]) =>
      saying.words.serverWords.slotMissed(sayTime(saying, at), sayServerWords(saying, why)),
  },
  {
    pattern: /^(All|\d+) slots from (\S+Z) to (\S+Z) passed without a run(?:: (.+))?$/s,
    say: (saying, [count, from = "", to = "", why = ""]) =>
      saying.words.serverWords.slotsMissed(
        count === "All" ? null : Number(count),
        sayTime(saying, from),
        sayTime(saying, to),
        sayServerWords(saying, why),
      ),
  },
];

const PARTS: readonly Rule[] = [
  {
    pattern: /^It waits for the end of (.+)$/s,
    say: ({ words }, [names = ""]) => words.serverWords.waits(names),
  },
  {
    pattern: /^The run may have (\d+) tasks? running at once$/,
    say: ({ words }, [count]) => words.serverWords.runLimit(Number(count)),
  },
  {
    pattern: /^(?:All|(\d+) of) (\d+) slots are taken(?:: it starts in a moment)?$/,
    say: ({ words }, [taken = "", capacity]) =>
      words.serverWords.slots(taken === "" ? null : Number(taken), Number(capacity)),
  },
  {
    pattern: /^It waited for "(.+)" to (succeed|fail|end), which (?:was passed over|ended ([a-z ]+))$/s,
    say: ({ words }, [name = "", wanted = "", ended = ""]) =>
      words.serverWords.waited(name, wanted, sayState(words, ended)),
  },
  { pattern: /^Exit code (\d+)$/, say: ({ words }, [code = ""]) => words.serverWords.exit(code) },
  { pattern: /^Killed by (\S+)$/, say: ({ words }, [signal = ""]) => words.serverWords.signal(signal) },
  { pattern: /^Cancelled by (.+)$/s, say: ({ words }, [name = ""]) => words.serverWords.cancelledBy(name) },
  {
    pattern: /^Cannot start the process: (.+)$/s,
    say: ({ words }, [why = ""]) => words.serverWords.cannotStart(why),
  },
  {
    pattern: /^The schedule cannot be planned: (.+)$/s,
    say: ({ words }, [why = ""]) => words.serverWords.cannotPlan(why),
  },
  {
    pattern: /^Agent "(.+)" was not heard of for (\d+) s and was given up$/s,
    say: ({ words }, [name = "", seconds]) => words.serverWords.agentGone(name, Number(seconds)),
  },
  {
    pattern: /^No server was up when it was due, and more than (\d+) slots were missed$/,
    say: ({ words }, [count]) => words.serverWords.outageLong(Number(count)),
  },
  {
    pattern: /^The run of (\S+Z) had no task started after (\d+) s$/,
    say: (saying, [at = "", seconds]) => saying.words.serverWords.late(sayTime(saying, at), Number(seconds)),
  },
  { pattern: /^task "(.+)" added$/s, say: ({ words }, [name = ""]) => words.serverWords.taskAdded(name) },
  { pattern: /^task "(.+)" deleted$/s, say: ({ words }, [name = ""]) => words.serverWords.taskDeleted(name) },
  {
    pattern: /^task "(.+)" changed: ([A-Za-z, ]+)$/s,
    say: ({ words }, [name = "", fields = ""]) =>
      words.serverWords.taskChanged(name, sayFields(words, fields)),
  },
  {
    pattern: /^settings changed: ([A-Za-z, ]+)$/,
    say: ({ words }, [fields = ""]) => words.serverWords.settingsChanged(sayFields(words, fields)),
  },
  {
    pattern: /^(\d+) relations? changed$/,
    say: ({ words }, [count]) => words.serverWords.relationsChanged(Number(count)),
  },
  {
    pattern: /^relation "(.+)" -> "(.+)" added$/s,
    say: ({ words }, [upstream = "", downstream = ""]) =>
      words.serverWords.relationAdded(upstream, downstream),
  },
  {
    pattern: /^relation changed to (SUCCESS|FAILURE|ALWAYS)$/,
    say: ({ words }, [word]) => {
      const condition = relationConditions.find((condition) => condition === word) ?? "ALWAYS";
      return words.serverWords.relationChanged(words.conditions[condition]);
    },
  },
  { pattern: /^copied from "(.+)"$/s, say: ({ words }, [name = ""]) => words.serverWords.copied(name) },
  { pattern: /^was named "(.+)"$/s, say: ({ words }, [name = ""]) => words.serverWords.wasNamed(name) },
  { pattern: /^and (\d+) more$/, say: ({ words }, [count]) => words.serverWords.more(Number(count)) },
];

/** Says what the server wrote; what is not known stays as it is. */
export function sayServerWords(saying: Saying, text: string): string {
  const whole = saySentence(saying, text) ?? sayBy(WHOLES, saying, text);
  if (whole !== null) return whole;
  const parts = text.split(BETWEEN_PARTS);
  const said = parts.map((part) => saySentence(saying, part) ?? sayBy(PARTS, saying, part));
  if (said.every((part) => part === null)) return text;
  return parts.map((part, place) => said[place] ?? part).join(saying.words.serverWords.between);
}

function saySentence({ words }: Saying, text: string): string | null {
  const key = SENTENCES.get(text);
  return key === undefined ? null : words.serverSentences[key];
}

function sayBy(rules: readonly Rule[], saying: Saying, text: string): string | null {
  for (const { pattern, say } of rules) {
    const match = pattern.exec(text);
    if (match !== null) return say(saying, match.slice(1).map((found: string | undefined) => found ?? ""));
  }
  return null;
}

/** In UTC, as all slots are told. */
function sayTime({ now, language }: Saying, at: string): string {
  return `${formatFire(at, "UTC", now, language)} UTC`;
}

function sayFields(words: Dictionary, fields: string): readonly string[] {
  return fields.split(", ").map((field) => fieldName(words, field));
}

/** "" for a task that was passed over. */
function sayState(words: Dictionary, ended: string): string {
  const state = taskRunStates.find((state) => state.toLowerCase().replace("_", " ") === ended);
  return state === undefined ? ended : words.states[state];
}
