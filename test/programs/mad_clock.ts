/**
 * Preloaded into a server: its clock is set forth and back again and again (../support/mad_clock.ts), and that of its
 * embedded database, which is a thread and asks the same function what time it is.
 */
import { madOffsetMs } from "../support/mad_clock.ts";

const trueNow = Date.now.bind(Date);
Date.now = () => trueNow() + madOffsetMs(trueNow());

// In such a thread there is nobody else to madden.
if (!("WorkerGlobalScope" in globalThis)) {
  globalThis.Worker = class extends Worker {
    constructor(specifier: string | URL, options?: WorkerOptions) {
      super(new URL(`./mad_thread.ts#${encodeURIComponent(String(specifier))}`, import.meta.url), options);
    }
  };
}
