import { createMemo, type JSX, on, Show } from "solid-js";
import type { ContainerEditor } from "../containers/container_editor.ts";
import { createLiveQuery } from "../graphql/live_query.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { plainCopy } from "../lib/plain_copy.ts";
import { useServerWords } from "../lib/server_words.ts";
import { useTexts } from "../lib/services.ts";
import { Blank, Notice, QueryFaces } from "../ui/faces.tsx";
import { NumberInput } from "../ui/NumberInput.tsx";
import { At } from "../ui/Time.tsx";
import { DiffView } from "./DiffView.tsx";
import { RestoreButton } from "./RestoreButton.tsx";
import { diffVersions, type VersionDiff } from "./version_diff.ts";
import { Author } from "./VersionList.tsx";
import { emptyShape, readShape } from "./version_shape.ts";
import { TwoVersionsDocument } from "./versions_documents.ts";

type Container = NonNullable<ResultOf<typeof TwoVersionsDocument>["container"]>;
type Newer = NonNullable<Container["newer"]>;

/** One version: what it changed, or how it differs from any other. */
export function VersionDetail(props: {
  readonly containerId: string;
  readonly editor: ContainerEditor;
  readonly version: number;
  readonly against: number;
  readonly show: (version: number | null, against: number | null) => void;
}): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  const query = createLiveQuery({
    document: TwoVersionsDocument,
    variables: () => ({ id: props.containerId, newer: props.version, older: props.against }),
  });
  // Until the answer to the newest question is there, the one before stays: nothing flickers.
  const newer = (): Newer | null => query.data?.container?.newer ?? null;
  const told = (): string => {
    const container = query.data?.container;
    return `${container?.newer?.version} ${container?.older?.version}`;
  };
  // What a version was never changes, so that its number says it all; the whole of a store is slow to follow.
  const diff = createMemo(on(told, (): VersionDiff | null => {
    const container = plainCopy(query.data?.container ?? null);
    const after = readShape(container?.newer?.definition);
    const older = container?.older ?? null;
    const before = older === null ? emptyShape : readShape(older.definition);
    return after === null || before === null ? null : diffVersions(before, after);
  }));

  return (
    <div class="version-detail" aria-busy={query.refreshing}>
      <button type="button" class="button quiet version-back" onClick={() => props.show(null, null)}>
        {t("versions.back")}
      </button>
      <QueryFaces query={query} rows={6} />
      <Show when={newer()}>
        {(shown) => (
          <>
            <header class="version-head">
              <div class="version-title">
                <h2>{t("versions.version", shown().version)}</h2>
                <span class="spread" />
                <Show when={shown().version !== props.editor.version()}>
                  <RestoreButton
                    containerId={props.containerId}
                    version={shown().version}
                    editor={props.editor}
                    kept={diff() !== null}
                    restored={() => props.show(null, null)}
                  />
                </Show>
              </div>
              <p>{say(shown(), "summary")}</p>
              <p class="muted">
                <Author author={shown().author} />
                {" · "}
                <At at={shown().at} />
              </p>
              <Against
                against={props.against}
                change={(against) => props.show(props.version, against)}
              />
            </header>
            <Show when={diff()} fallback={<NotKept />}>
              {(found) => <DiffView diff={found()} />}
            </Show>
          </>
        )}
      </Show>
      <Show when={query.data !== undefined && newer() === null}>
        <Blank title={t("versions.noneTitle")} text={t("versions.noneText")} />
      </Show>
    </div>
  );
}

function NotKept(): JSX.Element {
  const t = useTexts();
  return <Notice tone="pending" title={t("versions.notKeptTitle")} text={t("versions.notKeptText")} />;
}

/** Which version it is compared with; a number is quicker than a list of thousands. */
function Against(props: {
  readonly against: number;
  readonly change: (against: number) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <label class="version-against">
      <span class="muted">{t("versions.against")}</span>
      <NumberInput
        ties={{ id: "version-against", "aria-invalid": "false", "aria-describedby": undefined }}
        value={props.against}
        change={(against) => {
          if (against !== null) props.change(against);
        }}
      />
    </label>
  );
}
