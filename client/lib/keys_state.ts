/**
 * Which command a key means. Sequences ("g c") wait a moment for their second key; typing into a field means nothing, but
 * for a chord with Ctrl or Cmd ("Mod+k").
 */

/** How long the second key of a sequence may take. */
export const SEQUENCE_MS = 900;

export interface KeyPress {
  readonly key: string;
  /** Ctrl, or Cmd on a Mac, alone. */
  readonly command: boolean;
  /** Any key that makes another meaning of it, but Shift. */
  readonly modified: boolean;
  /** The key went into a field. */
  readonly typing: boolean;
  readonly at: number;
}

export interface KeyState {
  /** First key of a sequence that waits for its second. */
  readonly prefix: string | null;
  readonly prefixAt: number;
}

export const idleKeys: KeyState = { prefix: null, prefixAt: 0 };

export interface KeyStep {
  readonly state: KeyState;
  /** The binding that was completed, e.g. "g c"; null when none was. */
  readonly binding: string | null;
}

/** What a key press makes of the state, given the bindings there are. */
export function pressKey(state: KeyState, press: KeyPress, bindings: ReadonlySet<string>): KeyStep {
  const chord = `Mod+${press.key.toLowerCase()}`;
  if (press.command && bindings.has(chord)) return { state: idleKeys, binding: chord };
  if (press.typing || press.modified) return { state: idleKeys, binding: null };
  const waiting = state.prefix !== null && press.at - state.prefixAt <= SEQUENCE_MS;
  const sequence = waiting ? `${state.prefix} ${press.key}` : press.key;
  if (bindings.has(sequence)) return { state: idleKeys, binding: sequence };
  if (bindings.has(press.key)) return { state: idleKeys, binding: press.key };
  const begins = [...bindings].some((binding) => binding.startsWith(`${press.key} `));
  return { state: begins ? { prefix: press.key, prefixAt: press.at } : idleKeys, binding: null };
}
