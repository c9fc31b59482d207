/** How the reader of cron expressions refuses: every fault names its place in the text as the caller wrote it. */
import { type FieldPath, InvalidCronError } from "../../../schema/errors.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";

/** Longest piece of the caller's own text that a refusal repeats. */
const MAX_QUOTED_LENGTH = 60;

/** What is being read, and what a refusal has to know about it. */
export interface CronSource {
  readonly path: FieldPath;
  /** Seeds the stable spread of `H`; 0 when there is no container yet. */
  readonly containerId: number;
}

/** A piece of the text. The offset counts from the beginning of what the caller gave. */
export interface CronPiece {
  readonly text: string;
  readonly offset: number;
  /** Which field of its expression it belongs to, from 0; null when it is no field. */
  readonly field: number | null;
}

/** The pieces of a text between separators, without the white space around them. */
export function splitPiece(piece: CronPiece, separator: RegExp): readonly CronPiece[] {
  const pieces: CronPiece[] = [];
  let start = 0;
  for (const match of piece.text.matchAll(new RegExp(separator, "g"))) {
    pieces.push(
      trimPiece({ ...piece, text: piece.text.slice(start, match.index), offset: piece.offset + start }),
    );
    start = match.index + match[0].length;
  }
  pieces.push(trimPiece({ ...piece, text: piece.text.slice(start), offset: piece.offset + start }));
  return pieces;
}

export function trimPiece(piece: CronPiece): CronPiece {
  const text = piece.text.trim();
  return { ...piece, text, offset: piece.offset + (text === "" ? 0 : piece.text.indexOf(text)) };
}

/** `why` is a clause that says what is allowed at this place. */
export function refuseCron(source: CronSource, piece: CronPiece, why: Sentence): never {
  throw cronError(source, piece, say("CRON", { quoted: quotePiece(piece), why }));
}

export function cronError(source: CronSource, piece: CronPiece, sentence: Sentence): InvalidCronError {
  const { field, offset, text } = piece;
  return new InvalidCronError({ sentence, field, offset, length: text.length }, source.path);
}

/** The piece as a refusal repeats it. */
export function quotePiece({ text }: CronPiece): string {
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
}
