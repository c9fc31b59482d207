/**
 * One process of shell beside the agent, which outlives it for a moment, starts the readers: programs that move what comes
 * out of a pipe (folder_pool.ts) into the plain file of the stream. They are nobody's children who may be killed with an
 * attempt or with the agent, and what they have written only they can have written: the file only grows.
 *
 * Creating the file `out.reader` without overwriting one makes a reader the only one; it has the pipe open by then. A disk
 * without room for what was read costs what one program had read, and the pipe is marked as executable to say so: that
 * takes no room. What is told to end by a signal to all may say something last, so these programs take no notice of it. When the agent is gone, however it went, those tasks that go on get readers, so that none of them has to wait for
 * the next agent; a moment later again, since an attempt may just have been starting. Until then this process is the
 * readers' parent, since a container's first process may be one that takes no notice of children.
 */
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { isSystemLimit } from "../backoff.ts";
import { PIPES_REFERENCE } from "../spool/folder_pool.ts";
import { leadSession } from "../start/session.ts";
import { hasCode } from "./pipes.ts";
import type { Folder } from "../spool/spool.ts";

/** In the spool: names of folders, one a line. */
export const READER_REQUESTS = "requests";
/** No folder is named like this. */
const ALL = "/";
const STARTING_SECONDS = 5;

/** Runs in the spool. Descriptors: 4 and 5 the pipe that gets a reader, 7 the requests, 8 open as long as the agent lives. */
const SCRIPT = `PATH=$PATH:/usr/bin:/bin; umask 077; set -C; trap "" TERM INT HUP
# Another pipe than that of a former agent, whose readers may just be starting.
rm -rf ${READER_REQUESTS}; mkfifo ${READER_REQUESTS}
exec 7<>${READER_REQUESTS} 8<&0
copy() { exec >>"$1" <&5 5<&- 7<&- 8<&-; until cat; do chmod u+x "$1.pipe"; done; }
start() {
  [ -p "$1.pipe" ] && [ ! -e "$1.reader" ] && command exec 4<>"$1.pipe" && command exec 5<"$1.pipe" 4<&- || return
  if [ ! -p /dev/fd/5 ]; then :; elif true >>"$1" && true >"$1.reader"; then copy "$1" & else chmod u+x "$1.pipe"; fi
  exec 5<&-
}
serve() {
  for stream in "$1/out" "$1/err"; do [ "$stream.pipe" -ot "$2" ] || start "$stream"; done
  [ ! -p "$1/ready" ] || echo 1<>"$1/ready"
  # Takes notice of those that have ended.
  jobs
}
serve_all() { for run in */run; do serve "\${run%/run}" ""; done; }
{ read -r REPLY; echo ${ALL} >&7; } <&8 8<&- &
while read -r folder <&7 && [ "$folder" != ${ALL} ]; do serve "$folder" ${PIPES_REFERENCE}; done
serve_all
(exec 7<&- 8<&-; sleep ${STARTING_SECONDS}; serve_all) &`;

export interface Readers {
  /** Asks for readers of those of the attempt's pipes that were written to. Whether they come is seen in the folder. */
  request(folder: Folder): void;
  /** All attempts that live have readers then. */
  stop(): Promise<void>;
}

export function openReaders(spoolDir: string): Readers {
  let starter = start();

  function start(): { readonly child: Deno.ChildProcess; ended: boolean } {
    const { program, args, detached } = leadSession("/bin/sh", ["-c", SCRIPT]);
    const child = new Deno.Command(program, {
      args: [...args],
      cwd: spoolDir,
      detached,
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const started = { child, ended: false };
    child.status.then(() => started.ended = true);
    return started;
  }

  return {
    request({ path }): void {
      if (starter.ended) starter = start();
      try {
        writeRequest(join(spoolDir, READER_REQUESTS), `${basename(path)}\n`);
      } catch (error) {
        if (isSystemLimit(error)) return;
        // It has just been started, or a task has put something else in the place of the requests.
        if (!isAbsent(error)) starter.child.kill("SIGKILL");
      }
    },
    async stop(): Promise<void> {
      if (starter.ended) starter = start();
      await starter.child.stdin.close().catch(() => {});
      await starter.child.status;
    },
  };
}

function writeRequest(path: string, request: string): void {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    if (!fstatSync(descriptor).isFIFO()) throw new Error(`"${path}" is not a pipe`);
    writeSync(descriptor, request);
  } finally {
    closeSync(descriptor);
  }
}

/** Nobody reads there yet. */
function isAbsent(error: unknown): boolean {
  return hasCode(error, "ENXIO") || hasCode(error, "ENOENT");
}
