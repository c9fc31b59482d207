/** Preloaded into a server: its embedded database dies on SIGUSR1 as it would from a fault of its own. */
let latest: Worker | null = null;

globalThis.Worker = class extends Worker {
  constructor(specifier: string | URL, options?: WorkerOptions) {
    super(specifier, options);
    // The newest thread holds the database.
    latest = this;
  }
};

Deno.addSignalListener("SIGUSR1", () => {
  latest?.terminate();
  latest?.dispatchEvent(new ErrorEvent("error", { message: "Terminated by the test" }));
});
