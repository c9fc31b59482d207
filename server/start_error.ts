/** Why the server cannot start, in one sentence fit to print: it says what to do. Anything else that is thrown is a bug. */
export class StartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "StartError";
  }
}
