/** A field left out keeps its value; null is refused where the field cannot be null. */
export type Given<T> = T | null | undefined;
