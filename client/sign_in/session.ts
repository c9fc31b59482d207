/** Who is signed in, as far as this page knows. The session itself is an HttpOnly cookie that no script can read. */
import type { Client } from "@urql/core";
import { type Accessor, batch, createSignal } from "solid-js";
import { faultMessage, type Outcome, readOutcome } from "../graphql/refusals.ts";
import type { ResultOf } from "../graphql/tada.ts";
import {
  ChangePasswordDocument,
  SignInDocument,
  SignOutDocument,
  ViewerDocument,
  type ViewerFragment,
} from "./session_documents.ts";

export type Viewer = ResultOf<typeof ViewerFragment>;

/**
 * - unknown: the server has not been asked yet, or has not answered.
 * - unreachable: it did not answer.
 * - nobody: sign in; `ended` when there was somebody before.
 * - lapsed: the server no longer knows us, but the page is still there with what was typed into it: sign in over it.
 */
export type SessionState =
  | { readonly kind: "unknown" }
  | { readonly kind: "unreachable"; readonly message: string }
  | { readonly kind: "nobody"; readonly ended: boolean }
  | { readonly kind: "somebody"; readonly viewer: Viewer }
  | { readonly kind: "lapsed"; readonly viewer: Viewer };

export interface Session {
  readonly state: Accessor<SessionState>;
  /** Whose page this is; null before anybody has signed in. */
  readonly viewer: Accessor<Viewer | null>;
  /** Asks the server who we are. */
  readonly check: () => Promise<void>;
  readonly signIn: (username: string, password: string) => Promise<Outcome<unknown>>;
  readonly signOut: () => Promise<void>;
  /** Gives a lapsed page up, with all that is on it. */
  readonly leave: () => void;
  readonly changePassword: (currentPassword: string, newPassword: string) => Promise<Outcome<unknown>>;
  /** The server has said that it no longer knows us. */
  readonly ended: () => void;
}

/** `client` is asked for lazily: the client itself tells the session when it ended. A new one forgets all answers. */
export function createSession(client: () => Client, forget: () => void): Session {
  const [state, setState] = createSignal<SessionState>({ kind: "unknown" });
  const viewer = (): Viewer | null => {
    const present = state();
    return present.kind === "somebody" || present.kind === "lapsed" ? present.viewer : null;
  };
  const welcome = (present: Viewer): void =>
    batch(() => {
      const before = viewer();
      setState({ kind: "somebody", viewer: present });
      // Nothing that was read for one person is shown to another.
      if (before !== null && before.id !== present.id) forget();
    });
  // In one batch: pages must not be drawn anew for somebody who has just gone.
  const leave = (ended: boolean): void =>
    batch(() => {
      setState({ kind: "nobody", ended });
      forget();
    });
  const ended = (): void => {
    const before = state();
    if (before.kind === "somebody" && !before.viewer.passwordChangeRequired) {
      setState({ kind: "lapsed", viewer: before.viewer });
    } else if (before.kind !== "nobody" && before.kind !== "lapsed") leave(before.kind === "somebody");
  };
  return {
    state,
    viewer,
    ended,
    leave: () => leave(true),
    check: async () => {
      const { data, error } = await client().query(ViewerDocument, {}, { requestPolicy: "network-only" });
      if (data?.viewer) welcome(data.viewer);
      else if (data !== undefined) ended();
      else if (viewer() === null && state().kind !== "nobody") {
        setState({ kind: "unreachable", message: faultMessage(error) });
      }
    },
    signIn: async (username, password) => {
      const result = await client().mutation(SignInDocument, { username, password });
      const outcome = readOutcome(result, result.data?.signIn);
      if (outcome.kind === "done") welcome(outcome.value.user);
      return outcome;
    },
    signOut: async () => {
      await client().mutation(SignOutDocument, {});
      leave(false);
    },
    changePassword: async (currentPassword, newPassword) => {
      const result = await client().mutation(ChangePasswordDocument, { currentPassword, newPassword });
      const outcome = readOutcome(result, result.data?.changePassword);
      if (outcome.kind === "done") welcome(outcome.value.user);
      return outcome;
    },
  };
}
