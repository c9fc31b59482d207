import { createMemo, type JSX } from "solid-js";
import { type ContainerDraft, type Definition, draftOf } from "../containers/container_draft.ts";
import { DiffView } from "./DiffView.tsx";
import { diffVersions, type VersionDiff } from "./version_diff.ts";
import { shapeOfDraft } from "./version_shape.ts";
import "./versions.css";

/** What saving mine would change of what somebody else has saved. */
export default function ConflictDiff(props: {
  readonly theirs: Definition;
  readonly mine: ContainerDraft;
}): JSX.Element {
  const diff = createMemo((): VersionDiff =>
    diffVersions(shapeOfDraft(draftOf(props.theirs)), shapeOfDraft(props.mine))
  );
  return <DiffView diff={diff()} />;
}
