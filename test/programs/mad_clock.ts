/** Preloaded into a server: its clock is set forth and back again and again (../support/mad_clock.ts). */
import { madOffsetMs } from "../support/mad_clock.ts";

const trueNow = Date.now.bind(Date);
Date.now = () => trueNow() + madOffsetMs(trueNow());
