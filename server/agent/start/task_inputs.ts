/** The file that ORRERY_INPUTS names: the outputs of what a task waited for, as JSON, by task name and key. */
import { join } from "node:path";
import type { TaskInputs } from "../port.ts";
import { openTaskFile } from "../spool/task_file.ts";

export const INPUTS_VARIABLE = "ORRERY_INPUTS";
/** Of the whole file. A task with more than this is not started: it would miss some without a word. */
const TASK_INPUT_BYTES = 4 * 1024 * 1024;

const INPUTS_FILE = "inputs.json";
/**
 * Answers the path of the file with these inputs, for the attempt of this folder; where there are none the wrapper writes
 * it. Throws a sentence when there are too many.
 */
export function provideInputs(inputs: TaskInputs | null, folder: string): string {
  const path = join(folder, INPUTS_FILE);
  if (inputs === null) return path;
  const text = `${JSON.stringify(inputs)}\n`;
  const size = new TextEncoder().encode(text).length;
  if (size > TASK_INPUT_BYTES) {
    throw new Error(`the outputs of what it waited for have ${size} bytes, more than ${TASK_INPUT_BYTES}`);
  }
  using file = openTaskFile(path, "write");
  file?.replace(text);
  return path;
}
