/** The file that ORRERY_PARAMETERS names: the values of the run's parameters as JSON, by name. */
import { join } from "node:path";
import { openTaskFile } from "../spool/task_file.ts";

const VARIABLE = "ORRERY_PARAMETERS";
const PARAMETERS_FILE = "parameters.json";

/** The variable holds the text of the file until the attempt has a folder; a run without parameters has neither. */
export function provideParameters(
  environment: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  const text = environment[VARIABLE];
  if (text === undefined) return {};
  const path = join(folder, PARAMETERS_FILE);
  using file = openTaskFile(path, "write");
  file?.replace(`${text}\n`);
  return { [VARIABLE]: path };
}
