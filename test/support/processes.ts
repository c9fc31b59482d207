/** Processes that tests look at and kill. */

/** True while the process is there and no zombie. */
export function processLives(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    // No such process.
    return false;
  }
}

/** Kills a task with all of its group. Never our own: a process that was just made is still in its maker's. */
export function killGroupOf(pid: number): void {
  const group = groupOf(pid);
  if (group <= 1 || group === groupOf(Deno.pid)) {
    throw new Error(`Cannot kill the group of ${pid}: it is ${group}`);
  }
  Deno.kill(-group, "SIGKILL");
}

function groupOf(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}
