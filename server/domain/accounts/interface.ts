/** Who asks, and what accounts can do. */
import type { ProvidedIdentity } from "./identities.ts";
import type { Given } from "../../../schema/given.ts";
import type { ProjectRole, SignInKind, TokenScope } from "../../../schema/states.ts";

/** What of the installation may be seen: everything, or what belongs to these projects (ids). */
export type Visible = "all" | readonly number[];

/** One role in every project, or a role for each of those that may be seen (ids), inherited ones included. */
export type Roles = ProjectRole | ReadonlyMap<number, ProjectRole>;

/** Who asks, and how they proved it. */
export interface Viewer {
  /** Null: a service token. */
  readonly userId: number | null;
  readonly username: string;
  /** May change the installation itself: users, and projects at the top. */
  readonly admin: boolean;
  /** Already cut down to what the credential is limited to. */
  readonly roles: Roles;
  /** What the credential may be used for. */
  readonly scopes: readonly TokenScope[];
  /** The project that the credential is limited to. */
  readonly limitedTo: number | null;
  readonly via: "cookie" | "bearer" | "query";
  /** `session:<id>` or `token:<id>:<mark>`; streams end when it does. */
  readonly credentialId: string;
  /** When the credential ends; null = never. */
  readonly expiresAt: Date | null;
  /** Where the call came from; null where that is not known. */
  readonly address: string | null;
}

export interface SignedIn {
  readonly token: string;
  readonly expiresAt: Date;
  readonly userId: number;
}

export interface NewToken {
  readonly name: string;
  readonly expiresAt: Date | null;
  readonly project?: Given<string>;
  readonly scopes?: Given<readonly TokenScope[]>;
  readonly service?: Given<boolean>;
  readonly agentLabels?: Given<readonly string[]>;
}

/** A token as it is shown once. */
export interface MadeToken {
  readonly id: number;
  readonly token: string;
}

/** A password as it is shown once. */
export interface MadePassword {
  readonly userId: number;
  readonly password: string;
}

export interface UserPatch {
  readonly id: number;
  readonly admin?: Given<boolean>;
  readonly disabled?: Given<boolean>;
  readonly displayName?: Given<string>;
}

/** Those who sign in. All but `mayList` need an administrator. */
export interface Users {
  create(
    viewer: Viewer,
    input: {
      readonly username: string;
      readonly displayName?: Given<string>;
      readonly admin?: Given<boolean>;
    },
  ): Promise<MadePassword>;
  /** Answers the id. */
  update(viewer: Viewer, patch: UserPatch): Promise<number>;
  resetPassword(viewer: Viewer, id: number): Promise<MadePassword>;
  remove(viewer: Viewer, id: number): Promise<void>;
}

/** A way to sign in that the server offers. */
export interface SignInMethod {
  readonly kind: SignInKind;
  readonly name: string;
  /** Where a browser starts it; null: the mutation signIn. */
  readonly url: string | null;
}

export interface Accounts {
  readonly signInMethods: readonly SignInMethod[];
  /** The viewer that a JWT or an API token stands for; null when it is forged, expired or ended. */
  authenticate(token: string, via: Viewer["via"]): Promise<Viewer | null>;
  signIn(input: { username: string; password: string; address: string }): Promise<SignedIn>;
  /** Somebody whom a provider knows; makes an account at the first time. */
  /** `address` is where the call comes from. */
  signInByProvider(identity: ProvidedIdentity, address: string): Promise<SignedIn>;
  signOut(viewer: Viewer): Promise<void>;
  /** Ends all other sessions of the user and gives a new token. */
  changePassword(
    viewer: Viewer,
    input: { currentPassword: string; newPassword: string; address: string },
  ): Promise<SignedIn>;
  createApiToken(viewer: Viewer, input: NewToken): Promise<MadeToken>;
  rotateApiToken(
    viewer: Viewer,
    input: { readonly id: number; readonly overlapSeconds: number },
  ): Promise<MadeToken>;
  revokeApiToken(viewer: Viewer, id: number): Promise<void>;
  readonly users: Users;
}
