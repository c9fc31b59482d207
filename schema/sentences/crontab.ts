/** What a line of a crontab becomes, and why it cannot. */
import type { Format, Sentence } from "../sentences.ts";
import type { OverlapPolicy } from "../states.ts";

/** Why a line is not imported. */
export const crontabFaults = {
  CRONTAB_FIELDS: () =>
    "It is neither a variable nor a job: five time fields or a nickname such as @daily are needed, then the command",
  CRONTAB_FIELD: ({ field, text }: { readonly field: CronTimeField; readonly text: string }) =>
    `Cron cannot read "${text}" as ${timeFieldNames[field]}`,
  CRONTAB_NICKNAME: ({ name, known }: { readonly name: string; readonly known: readonly string[] }) =>
    `Cron does not know "${name}": it knows ${known.join(", ")}`,
  CRONTAB_USER: ({ user }: { readonly user: string }) =>
    `"${user}" is no user: in /etc/crontab and /etc/cron.d the sixth field is the user; import the output of \`crontab -l\` as kind USER`,
  CRONTAB_NO_COMMAND: () => "There is no command behind the time fields",
  CRONTAB_ZONE: ({ name }: { readonly name: string }) =>
    `"${name}" of CRON_TZ is no time zone of the IANA database, such as Europe/Berlin`,
  CRONTAB_VARIABLE: ({ name }: { readonly name: string }) =>
    `The variable "${name}" cannot be kept: a name is a letter or _ followed by letters, digits and _, and does not begin with ORRERY_`,
  CRONTAB_UNSCHEDULED: ({ why }: { readonly why: Sentence }, format: Format) =>
    `Its schedule cannot be used here: ${format(why)}`,
  CRONTAB_LONG: ({ most }: { readonly most: number }) => `The command is longer than ${most} bytes`,
} as const;

/** What changes by the import, and what is not kept. */
export const crontabNotes = {
  CRONTAB_LOCK: (
    { lock, overlap, seconds }: {
      readonly lock: string;
      readonly overlap: OverlapPolicy;
      readonly seconds: number | null;
    },
  ) =>
    `flock${
      overlap === "SKIP" ? " -n" : seconds === null ? "" : ` -w ${seconds}`
    } became overlap ${overlap}; ` +
    `the lock ${lock} is not taken any more`,
  CRONTAB_TIMEOUT: ({ seconds }: { readonly seconds: number }) =>
    `timeout became a time limit of ${seconds} s`,
  CRONTAB_DIRECTORY: ({ directory }: { readonly directory: string }) =>
    `cd became the directory ${directory}`,
  CRONTAB_DELAY: ({ seconds }: { readonly seconds: number }) =>
    `sleep became a random delay of up to ${seconds} s`,
  CRONTAB_MAIL: ({ address }: { readonly address: string }) =>
    `Mail of all output to ${address} cannot be kept yet; the output of each run is stored and shown instead`,
  CRONTAB_SILENT: () =>
    "> /dev/null stays: its output is thrown away; without it, each run would show what it wrote",
  CRONTAB_RANDOM: () => "~ became H: a time that is chosen once for the container and stays",
  CRONTAB_OTHER_FIRES: () => "Some of its next fires differ from cron's; compare the two lists",
} as const;

export const crontabSentences = {
  CRONTAB_BINARY: () => "Cannot read the crontab: it has NUL characters, so it is no text",
  CRONTAB_LARGE: ({ lines, bytes }: { readonly lines: number; readonly bytes: number }) =>
    `Cannot read the crontab: at most ${lines} lines and ${bytes} bytes are allowed`,
  CRONTAB_NO_SOURCE: ({ most }: { readonly most: number }) =>
    `Cannot read the crontab: source says where it comes from, such as /etc/cron.d/backup, in 1 to ${most} characters`,
} as const;

const timeFieldNames = {
  minute: "a minute (0-59)",
  hour: "an hour (0-23)",
  day: "a day of month (1-31)",
  month: "a month (1-12 or jan-dec)",
  weekday: "a day of week (0-7 or sun-sat)",
} as const;
export type CronTimeField = keyof typeof timeFieldNames;
