export const words = {
  shellWarnings: {
    label: "Warnings of the command",
    line: (line: number) => `Line ${line}`,
    crlf: "Windows line ends: the carriage return becomes part of the last word of each line",
    unclosed: "This quote is never closed",
    crontabLine: "A whole line of a crontab: its times belong into the schedule, here is only the command",
    shebang: "A comment here: what reads the command is the field Shell below",
    cdUnchecked: "When the folder is missing the rest runs in the wrong place: add || exit, or set -e above",
    rmUnquoted: "A space or an empty value in the variable removes something else: put it in double quotes",
    rmEmpty: "When the variable is empty this begins at the root folder: write ${NAME:?}, or set -u above",
    pipefail: "set -e sees the last command of a pipe only: add set -o pipefail",
    percent: "\\% is for crontabs; here it stays as it is, so write %",
    sudo: "Nobody is there to type a password: use sudo -n, and allow it without a password",
    background: "The task ends while this still runs, and it is stopped then: add wait",
    quotedTilde: "~ does not mean the home folder between quotes: write $HOME",
  },
};
