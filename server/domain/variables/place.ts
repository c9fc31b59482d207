/** What a variable belongs to, and the place that its value is encrypted for. */
export interface VariableOwner {
  readonly projectId: number;
  /** Null: the project itself. */
  readonly containerId: number | null;
}

/** An encrypted value that is moved to another owner or name in the database cannot be decrypted there. */
export function placeOf({ projectId, containerId, name }: VariableOwner & { readonly name: string }): string {
  return containerId === null ? `project:${projectId}/${name}` : `container:${containerId}/${name}`;
}
