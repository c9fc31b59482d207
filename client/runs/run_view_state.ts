/**
 * The faces of a run's page. A wide window shows the output beside each of them; a narrow one shows one at a time, the
 * output first, since whoever looks there mostly wants to know what went wrong.
 */

const wideViews = ["graph", "timeline", "compare"] as const;
const narrowViews = ["output", "timeline", "graph", "compare"] as const;
export type RunView = typeof narrowViews[number];

export function runViews(narrow: boolean): readonly RunView[] {
  return narrow ? narrowViews : wideViews;
}

/** The view of an address; without one, and for a word that is none, the first. */
export function readRunView(text: string | undefined, narrow: boolean): RunView {
  return runViews(narrow).find((view) => view === text) ?? firstView(narrow);
}

/** What an address says of the view; null: nothing, since it is the first. */
export function writeRunView(view: RunView, narrow: boolean): RunView | null {
  return view === firstView(narrow) ? null : view;
}

function firstView(narrow: boolean): RunView {
  return narrow ? "output" : "graph";
}
