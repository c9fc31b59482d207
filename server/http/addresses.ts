/** Addresses that more than one file has to know. */

/** Output as a file: `attempts/ID` or `task-runs/ID` follows. */
export const DOWNLOAD_PREFIX = "/download/";
