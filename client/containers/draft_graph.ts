/** Changes of a draft that are made on its drawing. */
import { addTask, changeTask, type ContainerDraft, removeTask, setWait } from "./container_draft.ts";

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a task stands that nobody has placed. */
const ORIGIN: Place = { x: 0, y: 0 };

export function placeTasks(draft: ContainerDraft, places: ReadonlyMap<string, Place>): ContainerDraft {
  return {
    ...draft,
    tasks: draft.tasks.map((task) => {
      const place = places.get(task.key);
      return place === undefined ? task : { ...task, position: { x: place.x, y: place.y } };
    }),
  };
}

/** Nobody has placed anything: the drawing is laid out by itself. */
export function forgetPlaces(draft: ContainerDraft): ContainerDraft {
  return { ...draft, tasks: draft.tasks.map((task) => ({ ...task, position: ORIGIN })) };
}

export function removeTasks(draft: ContainerDraft, keys: Iterable<string>): ContainerDraft {
  return [...keys].reduce(removeTask, draft);
}

/** A new task that waits for these; put at a place, it moves no other. */
export function addTaskAfter(
  draft: ContainerDraft,
  key: string,
  named: (number: number) => string,
  upstream: readonly string[],
  place: { readonly at: Place; readonly places: ReadonlyMap<string, Place> } | null,
): ContainerDraft {
  const added = addTask(draft, key, named);
  const tied = upstream.reduce((next, one) => setWait(next, one, key, "SUCCESS"), added);
  return place === null ? tied : changeTask(placeTasks(tied, place.places), key, { position: place.at });
}
