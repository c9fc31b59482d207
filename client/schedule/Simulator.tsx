/** What the unsaved schedule would change between now and some days ahead: what comes, what goes, what moves. */
import { useSearchParams } from "@solidjs/router";
import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import type { ShownContainer } from "../containers/container_documents.ts";
import type { ContainerEditor } from "../containers/container_editor.ts";
import { createQuestion } from "../graphql/answer.ts";
import { faultMessage, refusalReason } from "../graphql/refusals.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { single } from "../lib/paging.ts";
import { createPaused } from "../lib/paused.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Notice } from "../ui/faces.tsx";
import { Select } from "../ui/Select.tsx";
import { FireTime } from "../ui/Time.tsx";
import type { Preview } from "./preview.ts";
import { SimulateDocument } from "./schedule_documents.ts";
import type { ScheduleForm } from "./schedule_form.ts";
import {
  changesNothing,
  daysOf,
  lengthOf,
  type Mark,
  marksOf,
  placeOf,
  smallestGap,
  type Span,
  spans,
  usualSpan,
} from "./simulation_state.ts";

const SIMULATION_PAUSE_MS = 300;
/** Instants of a kind that are named; the rest are counted. */
const NAMED = 6;
const DATES_ON_LINE = 5;

type Answer = ResultOf<typeof SimulateDocument>["simulate"];
type Simulation = Extract<Answer, { readonly __typename: "Simulation" }>;

interface SimulatorProps {
  readonly container: ShownContainer;
  readonly form: ScheduleForm;
  readonly editor: ContainerEditor;
  readonly preview: Preview;
}

export function Simulator(props: SimulatorProps): JSX.Element {
  const { clock, texts } = useServices();
  const t = useTexts();
  const [search, setSearch] = useSearchParams<{ ahead?: string }>();
  const usual = createMemo(() => usualSpan(leastGap(props.container, props.preview)));
  const span = (): Span => spans.find((one) => one === single(search.ahead)) ?? usual();
  const changed = (): boolean => props.editor.changedParts().has("schedule");
  const draft = createPaused(() => {
    const { expression, timezone, missing, repeated, misfire, overlap } = props.form.settings;
    return { expression: expression.trim(), timezone, misfire, overlap, dst: { missing, repeated } };
  }, SIMULATION_PAUSE_MS);
  const question = createQuestion(SimulateDocument, () => {
    if (!changed() || draft().expression === "") return null;
    const from = clock();
    return {
      ...draft(),
      id: props.container.id,
      from: new Date(from).toISOString(),
      to: new Date(from + lengthOf(span())).toISOString(),
    };
  });
  const simulated = (): Simulation | undefined => {
    const answer = question.answer()?.data.simulate;
    return changed() && answer?.__typename === "Simulation" ? answer : undefined;
  };
  const refused = (): string | undefined => {
    const answer = question.answer()?.data.simulate;
    if (!changed() || answer === undefined || answer.__typename === "Simulation") return undefined;
    // What is wrong with an expression stands at its field.
    return answer.__typename === "InvalidCronError" ? t("schedule.refused") : refusalReason(answer.message);
  };
  return (
    <section class="simulation" aria-labelledby="simulation-title">
      <div class="preview-head">
        <h2 id="simulation-title">{t("simulation.title")}</h2>
        <span class="spread" />
        <Select
          class="fit"
          label={t("simulation.span")}
          value={span()}
          options={spans}
          nameOf={(one) => t(`spans.${one}`)}
          change={(ahead) => setSearch({ ahead }, { replace: true, scroll: false })}
        />
      </div>
      <Switch fallback={<p class="muted" role="status">{t("simulation.reading")}</p>}>
        <Match when={!changed()}>
          <p class="muted">{t("simulation.unchanged")}</p>
        </Match>
        <Match when={props.form.settings.expression.trim() === ""}>
          <p>{t("simulation.byHand")}</p>
        </Match>
        <Match when={question.error()}>
          {(error) => <Notice tone="failed" title={t("common.failed")} text={faultMessage(error())} />}
        </Match>
        <Match when={refused()}>
          {(reason) => <p class="muted">{reason()}</p>}
        </Match>
        <Match when={simulated()}>
          {(simulation) => (
            <Changes
              simulation={simulation()}
              from={question.answer()?.variables.from ?? ""}
              to={question.answer()?.variables.to ?? ""}
              timezone={props.form.settings.timezone}
              language={texts.language()}
            />
          )}
        </Match>
      </Switch>
    </section>
  );
}

/** Of the schedule that is saved and the one that is being edited. */
function leastGap(container: ShownContainer, preview: Preview): number | null {
  const edited = preview.kind === "fine" ? preview.preview.minimumGapSeconds : null;
  const gaps = [smallestGap(container.nextFires), edited].filter((gap) => gap !== null);
  return gaps.length === 0 ? null : Math.min(...gaps);
}

function Changes(props: {
  readonly simulation: Simulation;
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
  readonly language: string;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="simulation-body" role="status">
      <Show
        when={!changesNothing(props.simulation)}
        fallback={<p>{t("simulation.nothing", props.simulation.kept)}</p>}
      >
        <Line {...props} />
        <dl class="simulation-kinds">
          <Kind kind="added" instants={props.simulation.added} timezone={props.timezone} />
          <Kind kind="lost" instants={props.simulation.lost} timezone={props.timezone} />
          <MovedKind moved={props.simulation.moved} timezone={props.timezone} />
          <dt class="muted">{t("simulation.kept")}</dt>
          <dd>{props.simulation.kept}</dd>
        </dl>
      </Show>
    </div>
  );
}

/** The changes on a line of time: an image for the eye, the lists below say the same. */
function Line(props: {
  readonly simulation: Simulation;
  readonly from: string;
  readonly to: string;
  readonly language: string;
}): JSX.Element {
  const from = (): number => Date.parse(props.from);
  const to = (): number => Date.parse(props.to);
  const marks = (): readonly Mark[] => marksOf(props.simulation, from(), to());
  const date = (at: number): string =>
    new Intl.DateTimeFormat(props.language, { day: "numeric", month: "short" }).format(at);
  return (
    <div class="simulation-line" aria-hidden="true">
      <For each={marks()}>
        {(mark) => (
          <span
            class="simulation-mark"
            data-kind={mark.kind}
            style={{ "inset-inline-start": `${mark.place}%` }}
          />
        )}
      </For>
      <For each={daysOf(from(), to(), DATES_ON_LINE)}>
        {(day) => (
          <span
            class="simulation-day muted small"
            style={{ "inset-inline-start": `${placeOf(day, from(), to())}%` }}
          >
            {date(day)}
          </span>
        )}
      </For>
    </div>
  );
}

function Kind(props: {
  readonly kind: "added" | "lost";
  readonly instants: readonly string[];
  readonly timezone: string;
}): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.instants.length > 0}>
      <dt data-kind={props.kind}>{t(`simulation.${props.kind}`, props.instants.length)}</dt>
      <dd>
        <ul class="simulation-list">
          <For each={props.instants.slice(0, NAMED)}>
            {(at) => (
              <li>
                <FireTime at={at} timezone={props.timezone} />
              </li>
            )}
          </For>
          <More count={props.instants.length - NAMED} />
        </ul>
      </dd>
    </Show>
  );
}

function MovedKind(props: {
  readonly moved: Simulation["moved"];
  readonly timezone: string;
}): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.moved.length > 0}>
      <dt data-kind="moved">{t("simulation.moved", props.moved.length)}</dt>
      <dd>
        <ul class="simulation-list">
          <For each={props.moved.slice(0, NAMED)}>
            {(move) => (
              <li>
                <FireTime at={move.from} timezone={props.timezone} /> →{" "}
                <FireTime at={move.to} timezone={props.timezone} />
              </li>
            )}
          </For>
          <More count={props.moved.length - NAMED} />
        </ul>
      </dd>
    </Show>
  );
}

function More(props: { readonly count: number }): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.count > 0}>
      <li class="muted">{t("simulation.more", props.count)}</li>
    </Show>
  );
}
