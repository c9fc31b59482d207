/** The dialogs that ask for a name: a new container, and a copy of one. */
import { createForm, FormError, required, type SubmitHandler } from "@modular-forms/solid";
import { useClient } from "@urql/solid";
import { type JSX, Show } from "solid-js";
import { type Outcome, readOutcome, refusalReason, refusedField } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ownTimezone } from "../lib/time.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Notice } from "../ui/faces.tsx";
import { CopyContainerDocument, CreateContainerDocument } from "./containers_documents.ts";

/** Lists that were read before, even empty ones, are no longer right. */
const CHANGED = { additionalTypenames: ["ContainerConnection"] };

type NameForm = { name: string; description: string };
type Named = Outcome<{ readonly id: string; readonly name: string }>;

export function CreateContainer(props: {
  /** Slug; null: "default", or else one where it may be made. */
  readonly project: string | null;
  readonly open: boolean;
  readonly close: () => void;
  readonly created: (id: string) => void;
}): JSX.Element {
  const client = useClient();
  const t = useTexts();
  const { session } = useServices();
  const timezone = ownTimezone();
  const project = (): string => {
    const viewer = session.viewer();
    if (props.project !== null || viewer === null || viewer.admin) return props.project ?? "default";
    const makes = viewer.memberships.filter(({ role }) => role === "EDITOR" || role === "ADMIN");
    const slugs = makes.map(({ project }) => project.slug);
    return slugs.includes("default") ? "default" : slugs[0] ?? "default";
  };
  const create = async (input: NameForm): Promise<Named> => {
    const result = await client.mutation(CreateContainerDocument, {
      input: { ...input, timezone, project: project() },
    }, CHANGED);
    return readOutcome(result, result.data?.createContainer);
  };
  return (
    <Dialog open={props.open} title={t("containers.createTitle")} close={props.close}>
      <NameFields
        hint={t("containers.createHint", timezone)}
        described
        submitLabel={t("containers.createSubmit")}
        submit={create}
        done={props.created}
        close={props.close}
      />
    </Dialog>
  );
}

export function CopyContainer(props: {
  readonly id: string;
  readonly name: string;
  readonly open: boolean;
  readonly close: () => void;
  readonly copied: (id: string) => void;
}): JSX.Element {
  const client = useClient();
  const t = useTexts();
  const copy = async ({ name }: NameForm): Promise<Named> => {
    const result = await client.mutation(CopyContainerDocument, { id: props.id, name }, CHANGED);
    return readOutcome(result, result.data?.copyContainer);
  };
  return (
    <Dialog open={props.open} title={t("container.copyTitle")} close={props.close}>
      <NameFields
        hint={t("container.copyHint")}
        name={`${props.name} 2`}
        submitLabel={t("container.copySubmit")}
        submit={copy}
        done={props.copied}
        close={props.close}
      />
    </Dialog>
  );
}

function NameFields(props: {
  readonly hint: string;
  readonly name?: string;
  readonly described?: boolean;
  readonly submitLabel: string;
  readonly submit: (values: NameForm) => Promise<Named>;
  readonly done: (id: string) => void;
  readonly close: () => void;
}): JSX.Element {
  const t = useTexts();
  const [form, { Form, Field: FormField }] = createForm<NameForm>({
    initialValues: { name: props.name ?? "", description: "" },
  });
  const submit: SubmitHandler<NameForm> = async (values) => {
    const outcome = await props.submit(values);
    if (outcome.kind === "done") {
      props.close();
      props.done(outcome.value.id);
      return;
    }
    const reason = refusalReason(outcome.refusal.message);
    throw refusedField(outcome.refusal)?.endsWith("name") === true
      ? new FormError<NameForm>({ name: reason })
      : new FormError<NameForm>(reason);
  };
  return (
    <Form class="form" onSubmit={submit}>
      <FormField name="name" validate={[required(t("common.required"))]}>
        {(field, ties) => (
          <Field label={t("containers.name")} error={field.error} hint={props.hint}>
            {(labels) => (
              <input {...ties} {...labels} class="input" autocomplete="off" value={field.value ?? ""} />
            )}
          </Field>
        )}
      </FormField>
      <Show when={props.described}>
        <FormField name="description">
          {(field, ties) => (
            <Field label={t("containers.description")}>
              {(labels) => (
                <textarea {...ties} {...labels} class="textarea" rows={2} value={field.value ?? ""} />
              )}
            </Field>
          )}
        </FormField>
      </Show>
      <Show when={form.response.status === "error"}>
        <Notice tone="failed" title={form.response.message ?? ""} />
      </Show>
      <div class="form-actions end">
        <button type="button" class="button" onClick={() => props.close()}>{t("common.cancel")}</button>
        <ChangeButton type="submit" class="button primary" disabled={form.submitting}>
          {props.submitLabel}
        </ChangeButton>
      </div>
    </Form>
  );
}
