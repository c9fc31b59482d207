/**
 * The path of the address below which the console is served, such as /orrery; empty at the root of a host. Told by where
 * this file came from, one folder below it: so that workers know it too, and no setting has to reach the browser.
 */
const ownAddress: string = import.meta.url;

export const BASE_PATH = new URL("..", ownAddress).pathname.replace(/\/$/, "");
