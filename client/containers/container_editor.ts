/**
 * The editor of one container: a draft with undo on top of the version that is saved, saved as a whole. When somebody
 * else saved meanwhile nobody's work is lost without having been asked.
 */
import { useClient } from "@urql/solid";
import { type Accessor, createMemo, createSignal } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { readOutcome } from "../graphql/refusals.ts";
import { plainCopy } from "../lib/plain_copy.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { beginUndo, changeWithUndo, stepBack, stepForth, type Undo } from "../lib/undo.ts";
import {
  changedParts,
  changedTasks,
  type ContainerDraft,
  countChanges,
  type Definition,
  draftOf,
  draftOnTop,
  type Wait,
  waitsByTask,
} from "./container_draft.ts";
import { ContainerDocument, SaveContainerDocument } from "./container_documents.ts";
import type { ContainerTab } from "./container_tabs.ts";
import { draftFaults, type Faults, isVersionConflict, refusalFaults, saveInput } from "./draft_input.ts";

const NO_WAITS: readonly Wait[] = [];

export interface Conflict {
  readonly mine: number;
  readonly theirs: Definition;
}

export interface ContainerEditor {
  /** A store: fields and rows keep their identity while it changes. */
  readonly draft: ContainerDraft;
  /** The same as a plain value, for what is computed of the whole: reading every field of a store is slow. */
  readonly plain: Accessor<ContainerDraft>;
  readonly waitsOf: (key: string) => readonly Wait[];
  readonly nameOf: (key: string) => string;
  readonly version: Accessor<number>;
  readonly changes: Accessor<number>;
  readonly changed: Accessor<ReadonlySet<string>>;
  /** The tabs of the page that have something unsaved. */
  readonly changedParts: Accessor<ReadonlySet<ContainerTab>>;
  readonly faults: Accessor<Faults>;
  readonly saving: Accessor<boolean>;
  readonly conflict: Accessor<Conflict | null>;
  readonly canUndo: Accessor<boolean>;
  readonly canRedo: Accessor<boolean>;
  /**
   * `subject`: changes of the same one in a row are undone together. False, with a message, for those with read-only
   * access.
   */
  readonly change: (recipe: (draft: ContainerDraft) => ContainerDraft, subject?: string) => boolean;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly discard: () => void;
  /** True when it was saved. */
  readonly save: () => Promise<boolean>;
  /** Somebody saved this: taken over when nothing is being edited, else a conflict to be decided. */
  readonly theirs: (definition: Definition) => void;
  readonly takeTheirs: () => void;
  readonly keepMine: () => Promise<boolean>;
}

export function createContainerEditor(
  initial: Definition,
  saved: (definition: Definition) => void,
): ContainerEditor {
  const client = useClient();
  const { readOnly, toasts } = useServices();
  const t = useTexts();
  const [base, setBase] = createSignal(initial, { equals: false });
  const [undo, setUndo] = createSignal<Undo<ContainerDraft>>(beginUndo(draftOf(initial)));
  const [store, setStore] = createStore({ draft: draftOf(initial) });
  const [serverFaults, setServerFaults] = createSignal<Faults>({});
  const [tried, setTried] = createSignal(false);
  const [saving, setSaving] = createSignal(false);
  const [conflict, setConflict] = createSignal<Conflict | null>(null);
  const baseDraft = createMemo(() => draftOf(base()));
  const waits = createMemo(() => waitsByTask(undo().present));
  const names = createMemo(() => new Map(undo().present.tasks.map(({ key, name }) => [key, name])));
  const changes = createMemo(() => countChanges(baseDraft(), undo().present));

  const show = (next: Undo<ContainerDraft>): void => {
    setUndo(next);
    // A copy: the store changes what it is given in place, and the past must stay as it was.
    setStore("draft", reconcile(plainCopy(next.present), { key: "key", merge: false }));
  };
  const begin = (definition: Definition): void => {
    setBase(definition);
    setServerFaults({});
    setTried(false);
    setConflict(null);
    show(beginUndo(draftOf(definition)));
  };
  const ownFaults = (): Faults =>
    draftFaults(undo().present, {
      required: t("common.required"),
      duplicate: t("task.duplicate"),
      variableName: t("task.variableName"),
      variableTwice: (name) => t("task.variableTwice", name),
    });
  const save = async (expectedVersion: number): Promise<boolean> => {
    setTried(true);
    setServerFaults({});
    if (saving() || Object.keys(ownFaults()).length > 0) return false;
    setSaving(true);
    const draft = undo().present;
    const input = saveInput(base().id, expectedVersion, draft);
    const result = await client.mutation(SaveContainerDocument, { input });
    setSaving(false);
    const outcome = readOutcome(result, result.data?.saveContainer);
    if (outcome.kind === "done") {
      begin(outcome.value);
      saved(outcome.value);
      return true;
    }
    if (isVersionConflict(outcome.refusal)) await askAboutTheirs();
    else setServerFaults(refusalFaults(draft, outcome.refusal));
    return false;
  };
  const askAboutTheirs = async (): Promise<void> => {
    const { data } = await client.query(ContainerDocument, { id: base().id }, {
      requestPolicy: "network-only",
    });
    if (data?.container) setConflict({ mine: base().version, theirs: data.container });
  };

  return {
    get draft() {
      return store.draft;
    },
    plain: () => undo().present,
    waitsOf: (key) => waits().get(key) ?? NO_WAITS,
    nameOf: (key) => names().get(key) ?? "",
    version: () => base().version,
    changes,
    changed: createMemo(() => changedTasks(baseDraft(), undo().present)),
    changedParts: createMemo(() => changedParts(baseDraft(), undo().present)),
    faults: createMemo(() => ({ ...(tried() ? ownFaults() : {}), ...serverFaults() })),
    saving,
    conflict,
    canUndo: () => undo().past.length > 0,
    canRedo: () => undo().future.length > 0,
    change: (recipe, subject) => {
      const reason = readOnly();
      if (reason !== undefined) {
        toasts.bad(reason);
        return false;
      }
      setServerFaults({});
      show(changeWithUndo(undo(), plainCopy(recipe(undo().present)), subject ?? null));
      return true;
    },
    undo: () => show(stepBack(undo())),
    redo: () => show(stepForth(undo())),
    discard: () => begin(conflict()?.theirs ?? base()),
    save: () => save(base().version),
    theirs: (definition) => {
      if (definition.version === base().version) return;
      if (changes() === 0) begin(definition);
      else setConflict({ mine: base().version, theirs: definition });
    },
    takeTheirs: () => {
      const { theirs } = conflict() ?? {};
      if (theirs !== undefined) begin(theirs);
    },
    keepMine: async () => {
      const theirs = conflict()?.theirs;
      if (theirs === undefined) return await save(base().version);
      show(changeWithUndo(undo(), draftOnTop(undo().present, theirs), null));
      return await save(theirs.version);
    },
  };
}
