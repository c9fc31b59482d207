/** Expressions in words. Cronstrue knows the calendar; @every, @at and ` | ` are said here. */
import cronstrue from "cronstrue";
import "cronstrue/locales/zh_CN.js";
import type { Expression, Part } from "./cron.ts";

export const languages = ["en", "zh"] as const;
export type Language = typeof languages[number];

/** Instants that are said one by one; the rest of them are counted. */
const MAX_SAID_INSTANTS = 5;

interface Vocabulary {
  readonly locale: string;
  readonly or: string;
  readonly comma: string;
  readonly every: (duration: readonly (readonly [number, Unit])[]) => string;
  readonly at: (instants: string) => string;
  readonly more: (count: number) => string;
  readonly reboot: string;
  readonly never: string;
}

type Unit = "hour" | "minute" | "second";

const units: readonly (readonly [Unit, number])[] = [["hour", 3_600], ["minute", 60], ["second", 1]];
const chineseUnits: Readonly<Record<Unit, string>> = { hour: "小时", minute: "分钟", second: "秒" };

const vocabularies: Readonly<Record<Language, Vocabulary>> = {
  en: {
    locale: "en",
    or: "; and ",
    comma: ", ",
    every: (duration) => {
      const [first, ...rest] = duration;
      if (rest.length === 0 && first?.[0] === 1) return `Every ${first[1]}`;
      return `Every ${
        duration.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ")
      }`;
    },
    at: (instants) => `Once at ${instants}`,
    more: (count) => ` and ${count} more`,
    reboot: "At each start of the machine",
    never: "It never fires: no instant to come matches it",
  },
  zh: {
    locale: "zh_CN",
    or: "；以及",
    comma: "、",
    every: (duration) =>
      `每隔 ${duration.map(([count, unit]) => `${count} ${chineseUnits[unit]}`).join(" ")}`,
    at: (instants) => `一次性在 ${instants}`,
    more: (count) => ` 等另外 ${count} 次`,
    reboot: "机器每次启动时",
    never: "永远不会触发：今后没有与之匹配的时刻",
  },
};

/** What is said of an expression without any instant to come. */
export function neverFires(language: Language): string {
  return vocabularies[language].never;
}

export function describeExpression(expression: Expression, language: Language): string {
  const vocabulary = vocabularies[language];
  const sentences = expression.parts.flatMap((part) => describePart(part, vocabulary));
  return [...new Set(sentences)].map((sentence, index) => index === 0 ? sentence : uncapitalize(sentence))
    .join(vocabulary.or);
}

function describePart(part: Part, vocabulary: Vocabulary): readonly string[] {
  switch (part.kind) {
    case "calendar":
      return part.spoken.map((text) =>
        cronstrue.toString(text, { locale: vocabulary.locale, use24HourTimeFormat: true })
      );
    case "every":
      return [vocabulary.every(inUnits(part.seconds))];
    case "reboot":
      return [vocabulary.reboot];
    case "instants":
      return [vocabulary.at(sayInstants(part.instants, vocabulary))];
  }
}

function inUnits(seconds: number): readonly (readonly [number, Unit])[] {
  let rest = seconds;
  return units.map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return [count, unit] as const;
  }).filter(([count]) => count > 0);
}

function sayInstants(instants: readonly number[], vocabulary: Vocabulary): string {
  const said = instants.slice(0, MAX_SAID_INSTANTS).map((instant) =>
    `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")} UTC`
  );
  const more = instants.length - said.length;
  return `${said.join(vocabulary.comma)}${more > 0 ? vocabulary.more(more) : ""}`;
}

function uncapitalize(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
