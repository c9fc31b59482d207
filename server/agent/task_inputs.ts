/** The file that ORRERY_INPUTS names: the outputs of what a task waited for, as JSON, by task name and key. */
import { dirname, join } from "node:path";
import type { TaskInputs } from "./port.ts";

export const INPUTS_VARIABLE = "ORRERY_INPUTS";
/** Of the whole file. A task with more than this is not started: it would miss some without a word. */
const TASK_INPUT_BYTES = 4 * 1024 * 1024;

const INPUTS_FILE = "inputs.json";
/** Most tasks have no inputs: they share one file. */
const NO_INPUTS_FILE = "no-inputs.json";
const NO_INPUTS = "{}\n";
const READ_ONLY = 0o400;

/** At the start of the agent, for all tasks without inputs. One that is there stays: on a full disk there is no other. */
export async function writeNoInputs(spoolDir: string): Promise<void> {
  const path = join(spoolDir, NO_INPUTS_FILE);
  if (await holdsNoInputs(path)) return;
  // A name of its own: what a start that was killed left behind may not be written to.
  const fresh = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(fresh, NO_INPUTS, { mode: READ_ONLY });
  await Deno.rename(fresh, path);
}

async function holdsNoInputs(path: string): Promise<boolean> {
  try {
    return await Deno.readTextFile(path) === NO_INPUTS;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Answers the path of the file with these inputs, for the attempt of this folder. Throws a sentence when there are too many. */
export function provideInputs(
  inputs: TaskInputs | null,
  folder: string,
): string {
  if (inputs === null) return join(dirname(folder), NO_INPUTS_FILE);
  const bytes = new TextEncoder().encode(`${JSON.stringify(inputs)}\n`);
  if (bytes.length > TASK_INPUT_BYTES) {
    throw new Error(
      `the outputs of what it waited for have ${bytes.length} bytes, more than ${TASK_INPUT_BYTES}`,
    );
  }
  const path = join(folder, INPUTS_FILE);
  Deno.writeFileSync(path, bytes, { mode: READ_ONLY });
  return path;
}
