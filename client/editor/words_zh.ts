import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  shellWarnings: {
    label: "命令的警告",
    line: (line) => `第 ${line} 行`,
    crlf: "Windows 换行符：回车会成为每行最后一个词的一部分",
    unclosed: "此引号没有闭合",
    crontabLine: "这是一整行 crontab：时间应写在计划中，这里只写命令",
    shebang: "在这里只是注释：由下方的“Shell”字段决定用什么执行",
    cdUnchecked: "目录不存在时，其余命令会在错误的位置执行：请加 || exit，或在前面写 set -e",
    rmUnquoted: "变量为空或含空格时会删错东西：请加双引号",
    rmEmpty: "变量为空时会从根目录开始删除：请写 ${NAME:?}，或在前面写 set -u",
    pipefail: "set -e 只检查管道的最后一个命令：请加 set -o pipefail",
    percent: "\\% 是 crontab 的写法；这里会原样保留，请直接写 %",
    sudo: "没有人能输入密码：请用 sudo -n，并配置免密码",
    background: "任务结束时它还在运行，随后会被停止：请加 wait",
    quotedTilde: "引号中的 ~ 不代表主目录：请写 $HOME",
  },
};
