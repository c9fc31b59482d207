export const words = {
  shellWarnings: {
    label: "Command warnings",
    line: (line: number) => `Line ${line}`,
    crlf: "Windows line ends: the carriage return becomes part of the last word of each line",
    unclosed: "This quote is never closed",
    crontabLine: "A whole crontab line: enter its times in the schedule and only the command here",
    shebang: "Only a comment here: the Shell field below selects the interpreter",
    cdUnchecked: "When the folder is missing the rest runs in the wrong place: add || exit, or set -e above",
    rmUnquoted: "A space or an empty value in the variable removes something else: put it in double quotes",
    rmEmpty: "When the variable is empty this begins at the root folder: write ${NAME:?}, or set -u above",
    pipefail: "set -e sees the last command of a pipe only: add set -o pipefail",
    percent: "\\% is for crontabs; here it stays as it is, so write %",
    sudo: "No password can be typed here: use sudo -n, and allow it without a password",
    background: "The task ends while this still runs, and it is stopped then: add wait",
    quotedTilde: "~ does not mean the home folder between quotes: write $HOME",
  },
};
