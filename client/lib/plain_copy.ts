import { unwrap } from "solid-js/store";

/** A copy that shares nothing with a store: what a store is given it changes in place. */
export function plainCopy<T>(value: T): T {
  return structuredClone(unwrap(value));
}
