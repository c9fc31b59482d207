/** crontab 的每一行变成什么，以及为何不能导入。 */
import type { RefusalWords } from "./words.ts";

const fields = {
  minute: "分钟（0-59）",
  hour: "小时（0-23）",
  day: "日（1-31）",
  month: "月（1-12 或 jan-dec）",
  weekday: "星期（0-7 或 sun-sat）",
} as const;

export const zhCrontab = {
  CRONTAB_FIELDS: () => "既不是变量也不是作业：需要五个时间字段或 @daily 这样的简称，其后是命令",
  CRONTAB_FIELD: ({ field, text }) => `cron 无法把“${text}”读作${fields[field]}`,
  CRONTAB_NICKNAME: ({ name, known }) => `cron 不认识“${name}”：它认识 ${known.join("、")}`,
  CRONTAB_USER: ({ user }) =>
    `“${user}”不是用户：在 /etc/crontab 和 /etc/cron.d 中，第六个字段是用户；crontab -l 的输出请以 USER 类型导入`,
  CRONTAB_NO_COMMAND: () => "时间字段之后没有命令",
  CRONTAB_ZONE: ({ name }) => `CRON_TZ 的“${name}”不是 IANA 时区名，例如 Europe/Berlin`,
  CRONTAB_VARIABLE: ({ name }) =>
    `变量“${name}”无法保留：名称以字母或 _ 开头，其后是字母、数字和 _，且不以 ORRERY_ 开头`,
  CRONTAB_UNSCHEDULED: ({ why }, format) => `这里无法使用它的计划：${format(why)}`,
  CRONTAB_LONG: ({ most }) => `命令超过 ${most} 字节`,
  CRONTAB_LOCK: ({ lock, overlap, seconds }) =>
    `flock${
      overlap === "SKIP" ? " -n" : seconds === null ? "" : ` -w ${seconds}`
    } 变为重叠策略 ${overlap}；不再使用锁 ${lock}`,
  CRONTAB_TIMEOUT: ({ seconds }) => `timeout 变为 ${seconds} 秒的时限`,
  CRONTAB_DIRECTORY: ({ directory }) => `cd 变为工作目录 ${directory}`,
  CRONTAB_DELAY: ({ seconds }) => `sleep 变为最多 ${seconds} 秒的随机延迟`,
  CRONTAB_MAIL: ({ address }) => `暂时无法把全部输出寄给 ${address}；每次运行的输出会保存并显示`,
  CRONTAB_SILENT: () => "保留 > /dev/null：输出会被丢弃；去掉它，每次运行就会显示所写的内容",
  CRONTAB_RANDOM: () => "~ 变为 H：为容器选定一次、此后不变的时间",
  CRONTAB_OTHER_FIRES: () => "今后的部分触发与 cron 不同；请比较两个列表",
  CRONTAB_BINARY: () => "无法读取 crontab：含有控制字符，不是文本",
  CRONTAB_LARGE: ({ lines, bytes }) => `无法读取 crontab：最多 ${lines} 行、${bytes} 字节`,
  CRONTAB_NO_SOURCE: ({ most }) =>
    `无法读取 crontab：source 用 1 至 ${most} 个字符说明来源，例如 /etc/cron.d/backup`,
} satisfies Partial<RefusalWords>;
