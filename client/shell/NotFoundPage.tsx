import type { JSX } from "solid-js";
import { NotFound } from "./NotFound.tsx";

export default function NotFoundPage(): JSX.Element {
  return <NotFound what="page" />;
}
