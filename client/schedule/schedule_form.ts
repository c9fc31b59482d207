/** What every part of the schedule's form reads and changes: the settings of the editor's draft. */
import { changeSettings, type SettingsDraft } from "../containers/container_draft.ts";
import type { ContainerEditor } from "../containers/container_editor.ts";

export interface ScheduleForm {
  readonly settings: SettingsDraft;
  /** Changes of the same subject in a row are undone together. */
  readonly change: (fields: Partial<SettingsDraft>, subject: keyof SettingsDraft) => void;
  readonly fault: (field: keyof SettingsDraft | "dst") => string | undefined;
}

export function createScheduleForm(editor: ContainerEditor): ScheduleForm {
  return {
    get settings() {
      return editor.draft.settings;
    },
    change: (fields, subject) =>
      editor.change((draft) => changeSettings(draft, fields), `settings.${subject}`),
    fault: (field) => editor.faults()[`settings.${field}`],
  };
}
