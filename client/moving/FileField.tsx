/** A text that is pasted, or comes from files of this machine. */
import type { JSX } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";

export interface ChosenFile {
  readonly path: string;
  readonly text: string;
}

export function FileField(props: {
  readonly label: string;
  readonly hint: string;
  readonly error?: string | null;
  readonly text: string;
  readonly many?: boolean;
  readonly write: (text: string) => void;
  readonly choose: (files: readonly ChosenFile[]) => void;
}): JSX.Element {
  const t = useTexts();
  const read = async (input: HTMLInputElement): Promise<void> => {
    const files = await Promise.all(
      [...input.files ?? []].map(async (file) => ({ path: file.name, text: await file.text() })),
    );
    // The same file can be chosen again after it was changed.
    input.value = "";
    if (files.length > 0) props.choose(files);
  };
  return (
    <>
      <Field label={props.label} hint={props.hint} error={props.error}>
        {(ties) => (
          <textarea
            {...ties}
            class="textarea mono moving-text"
            rows={10}
            spellcheck={false}
            value={props.text}
            onInput={(event) => props.write(event.currentTarget.value)}
          />
        )}
      </Field>
      <label class="button moving-choose">
        <input
          type="file"
          class="moving-file"
          multiple={props.many}
          onChange={(event) => void read(event.currentTarget)}
        />
        {t("moving.choose")}
      </label>
    </>
  );
}
