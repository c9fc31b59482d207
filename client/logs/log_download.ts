/** Has the browser save an output as a file. */
import type { Dictionary } from "../i18n/en.ts";
import { BASE_PATH } from "../lib/base_path.ts";
import { downloadAddress } from "./log_copy.ts";

export type DownloadFormat = Parameters<typeof downloadAddress>[1];

export interface DownloadFault {
  /** The server no longer knows who asks. */
  readonly stranger: boolean;
  readonly message: string;
}

/** The server's refusal in place of a file, as it answers everything that it refuses. */
interface RefusedAnswer {
  readonly errors: readonly [{
    readonly message: string;
    readonly extensions: {
      readonly code: string;
      readonly messageKey: string;
      readonly messageValues: unknown;
    };
  }];
}

/**
 * Asks first whether there is a file: a refusal would otherwise take the place of the page. Answers what is wrong, null
 * when the file is on its way.
 */
export async function downloadOutput(
  of: Parameters<typeof downloadAddress>[0],
  format: DownloadFormat,
  words: Dictionary,
): Promise<DownloadFault | null> {
  const address = BASE_PATH + downloadAddress(of, format);
  try {
    const fault = await findFault(address, words);
    if (fault === null) globalThis.location.assign(address);
    return fault;
  } catch (error) {
    // What fetch throws when it reaches nobody.
    if (error instanceof TypeError) return { stranger: false, message: words.faults.unreachable };
    throw error;
  }
}

async function findFault(address: string, words: Dictionary): Promise<DownloadFault | null> {
  if ((await fetch(address, { method: "HEAD" })).ok) return null;
  const answer = await fetch(address);
  if (answer.ok) {
    await answer.body?.cancel();
    return null;
  }
  // What stands between the server and the page may answer too.
  if (answer.headers.get("content-type")?.startsWith("application/json") !== true) {
    return {
      stranger: false,
      message: words.faults.unanswered(`${answer.status} ${answer.statusText}`.trim()),
    };
  }
  const { errors: [{ message, extensions }] }: RefusedAnswer = await answer.json();
  return {
    stranger: extensions.code === "UNAUTHENTICATED",
    message: words.refusals.message({ message, ...extensions }),
  };
}
