/** Who asks, and what accounts can do. */

/** What of the installation may be seen: everything, or what belongs to these projects (ids). */
export type Visible = "all" | readonly number[];

/** Who asks, and how they proved it. */
export interface Viewer {
  readonly userId: number;
  readonly username: string;
  readonly admin: boolean;
  /** The projects that they may see. */
  readonly projects: Visible;
  readonly via: "cookie" | "bearer" | "query";
  /** `session:<id>` or `token:<id>`; streams end when it does. */
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

export interface Accounts {
  /** The viewer that a JWT or an API token stands for; null when it is forged, expired or ended. */
  authenticate(token: string, via: Viewer["via"]): Promise<Viewer | null>;
  signIn(input: { username: string; password: string; address: string }): Promise<SignedIn>;
  signOut(viewer: Viewer): Promise<void>;
  /** Ends all other sessions of the user and gives a new token. */
  changePassword(
    viewer: Viewer,
    input: { currentPassword: string; newPassword: string; address: string },
  ): Promise<SignedIn>;
  createApiToken(
    viewer: Viewer,
    input: { name: string; expiresAt: Date | null },
  ): Promise<{ id: number; token: string }>;
  revokeApiToken(viewer: Viewer, id: number): Promise<void>;
}
