/** What can be undone. Changes of one field in a row are one step, as typing a word is one act. */

/** Older steps are forgotten. */
const MAX_STEPS = 200;

export interface Undo<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What the latest change was about. */
  readonly subject: string | null;
}

export function beginUndo<T>(present: T): Undo<T> {
  return { past: [], present, future: [], subject: null };
}

/** The next present. A change about the same subject as the one before joins its step; null never does. */
export function changeWithUndo<T>(undo: Undo<T>, present: T, subject: string | null): Undo<T> {
  const joins = subject !== null && subject === undo.subject;
  return {
    past: joins ? undo.past : [...undo.past, undo.present].slice(-MAX_STEPS),
    present,
    future: [],
    subject,
  };
}

export function stepBack<T>(undo: Undo<T>): Undo<T> {
  const before = undo.past.at(-1);
  if (before === undefined) return undo;
  return {
    past: undo.past.slice(0, -1),
    present: before,
    future: [undo.present, ...undo.future],
    subject: null,
  };
}

export function stepForth<T>(undo: Undo<T>): Undo<T> {
  const [after, ...future] = undo.future;
  if (after === undefined) return undo;
  return { past: [...undo.past, undo.present], present: after, future, subject: null };
}
