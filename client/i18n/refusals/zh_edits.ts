/** 容器、任务、依赖关系、项目、登录与令牌的拒绝。 */
import type { Values } from "../../../schema/sentences.ts";
import type { RefusalWords } from "./words.ts";
import { zhActions as actions } from "./zh_actions.ts";

const shown: Readonly<Record<Values<"DELETED_MEANWHILE">["what"], string>> = {
  agent: "代理",
  container: "容器",
  pause: "暂停",
  project: "项目",
  relation: "依赖关系",
  run: "运行",
  task: "任务",
  token: "令牌",
  user: "用户",
  variable: "变量",
};

export const zhEdits = {
  ROLE_NEEDED: ({ action, username, role }) =>
    `无法${actions[action]}：“${username}”在该项目中需要角色 ${role}；请联系项目的管理员`,
  ADMINISTRATOR_NEEDED: ({ action, username }) => `无法${actions[action]}：“${username}”不是管理员`,
  NO_CONTAINER: ({ action }) => `无法${actions[action]}：没有这个容器`,
  NO_TASK: ({ action }) => `无法${actions[action]}：没有这个任务`,
  NO_UPSTREAM: ({ action }) => `无法${actions[action]}：没有这个上游任务`,
  NO_DOWNSTREAM: ({ action }) => `无法${actions[action]}：没有这个下游任务`,
  NO_RELATION: ({ action }) => `无法${actions[action]}：没有这条依赖关系`,
  NO_AGENT: ({ action }) => `无法${actions[action]}：没有该代理`,
  LABEL_RESERVED: ({ label }) =>
    `无法更改代理：以 agent:、os: 或 arch: 开头的标签由服务器设置，“${label}”即是如此`,
  AGENT_PROJECTS: () => "无法更改代理：须至少为一个项目工作",
  AGENT_NAME_TAKEN: ({ name }) => `无法更改代理：已有代理“${name}”`,
  PLACEMENTS_MANY: ({ most }) => `无法开始运行：项目与所需标签的组合已达 ${most} 种`,
  NO_PROJECT: ({ action, slug }) => `无法${actions[action]}：没有项目“${slug}”`,
  NO_VERSION: ({ action, name, version }) => `无法${actions[action]}：容器“${name}”没有版本 ${version}`,
  VERSION_NOT_KEPT: ({ action, name, version }) =>
    `无法${actions[action]}：容器“${name}”的版本 ${version} 产生于开始保存版本内容之前`,
  OTHER_VERSION: ({ action, name, version, expected }) =>
    `无法${
      actions[action]
    }：容器“${name}”已是版本 ${version}，而修改基于版本 ${expected}；请重新读取后再修改`,
  NAME_MISSING: ({ action }) => `无法${actions[action]}：需要名称`,
  COMMAND_MISSING: ({ action }) => `无法${actions[action]}：需要命令`,
  CONTAINER_NAME_TAKEN: ({ action, name }) => `无法${actions[action]}：项目中已有名为“${name}”的容器`,
  CONTAINER_RUNS: ({ name }) => `无法删除容器“${name}”：它有活动的运行；请取消运行或等待其结束`,
  TASK_NAME_TAKEN: ({ action, name }) => `无法${actions[action]}：容器中已有名为“${name}”的任务`,
  TOO_MANY_TASKS: ({ action, count, limit }) =>
    `无法${actions[action]}：容器有 ${count} 个任务，最多允许 ${limit} 个`,
  TOO_MANY_RELATIONS: ({ action, count, limit }) =>
    `无法${actions[action]}：容器有 ${count} 条依赖关系，最多允许 ${limit} 条`,
  TOO_MANY_MOVES: ({ action }) => `无法${actions[action]}：没有容器有这么多任务`,
  WAITS_FOR_ITSELF: ({ action, name }) => `无法${actions[action]}：任务“${name}”不能等待自己`,
  DIFFERENT_CONTAINERS: ({ action, upstream, downstream }) =>
    `无法${actions[action]}：任务“${upstream}”与“${downstream}”属于不同的容器`,
  RELATION_PRESENT: ({ action }) => `无法${actions[action]}：这两个任务之间已有依赖关系；请更改其条件`,
  CYCLE_CLOSED: ({ action, cycle }) => `无法${actions[action]}：这会形成循环 ${circle(cycle)}`,
  PROJECT_DAYS: ({ slug, field, most, days }) =>
    `无法更改项目“${slug}”：${
      field === "logRetentionDays" ? "输出" : "运行"
    }的保留天数须在 1 到 ${most} 之间，而不是 ${days}`,
  PROJECT_SLUG: ({ slug }) =>
    `无法创建项目“${slug}”：标识须为 1 到 63 个小写字母、数字和连字符，且不以连字符开头`,
  PROJECT_SLUG_TAKEN: ({ slug }) => `无法创建项目“${slug}”：标识已被使用`,
  PROJECT_DEEP: ({ slug, most }) => `无法创建项目“${slug}”：项目最多嵌套 ${most} 层`,
  PROJECTS_MANY: ({ slug, most }) => `无法创建项目“${slug}”：同级已有 ${most} 个`,
  PROJECT_DEFAULT: () => "无法删除项目“default”：它始终存在",
  PROJECT_IN_USE: ({ slug }) => `无法删除项目“${slug}”：它有容器或下级项目；请先移动或删除它们`,
  CONTAINER_ACTIVE: ({ name }) => `无法移动容器“${name}”：它有活动的运行；请取消运行或等待其结束`,
  DELETED_MEANWHILE: ({ what }) => `无法显示${shown[what]}：它刚刚被删除`,
  SAVED_TASKS_TOO_MANY: ({ count, limit }) => `无法保存容器：它有 ${count} 个任务，最多允许 ${limit} 个`,
  SAVED_RELATIONS_TOO_MANY: ({ count, limit }) =>
    `无法保存容器：它有 ${count} 条依赖关系，最多允许 ${limit} 条`,
  SAVED_TASK_LACKS: ({ number, missing }) =>
    `无法保存容器：第 ${number} 个任务需要${missing === "name" ? "名称" : "命令"}`,
  SAVED_TASK_NAMED_TWICE: ({ name }) => `无法保存容器：有两个任务名为“${name}”`,
  SAVED_TASK_UNKNOWN: () => "无法保存容器：容器中没有这个任务",
  SAVED_TASK_LISTED_TWICE: ({ name }) => `无法保存容器：任务“${name}”列出了两次`,
  SAVED_RELATION_UNKNOWN_TASK: ({ name }) => `无法保存容器：依赖关系提到的任务“${name}”没有列出`,
  SAVED_RELATION_TWICE: ({ upstream, downstream }) =>
    `无法保存容器：从“${upstream}”到“${downstream}”有两条依赖关系`,
  SAVED_CYCLE: ({ cycle }) => `无法保存容器：依赖关系形成循环 ${circle(cycle)}`,
  NO_VARIABLE: ({ action }) => `无法${actions[action]}：没有这个变量`,
  SECRET_STAYS: ({ name }) => `无法设置变量“${name}”：它是机密，不能改为普通变量；请先删除它`,
  TOO_MANY_VARIABLES: ({ limit }) => `无法设置变量：已有 ${limit} 个，达到上限；请先删除一个`,
  VAULT_KEY_DIFFERS: () =>
    "无法设置变量：此数据库的机密由另一把密钥加密；请用相同的 ORRERY_SECRET 启动此服务器",
  AUDIT_TIMES: () => "无法读取审计日志：from 与 to 须是时间，例如 2026-01-01T00:00:00Z",
  STRANGER: () => "无法继续：请先登录",
  FIELD_STRANGER: ({ field }) => `无法读取 ${field}：请先登录`,
  PASSWORD_WRONG: ({ action }) => `无法${actions[action]}：用户名或密码错误`,
  PASSWORD_WEAK: ({ action, why }, format) => `无法${actions[action]}：请换一个新密码，${format(why)}`,
  PASSWORD_SHORT: ({ least }) => `至少 ${least} 个字符`,
  PASSWORD_LONG: ({ most }) => `最多 ${most} 个字符`,
  PASSWORD_COMMON: () => "许多人使用它或与它相似的密码",
  PASSWORD_PRESENT: () => "这是现在的密码",
  PASSWORD_IS_NAME: () => "这是用户名",
  TOO_MANY_GUESSES: ({ action, seconds }) =>
    `无法${actions[action]}：错误密码的次数过多；请在 ${seconds} 秒后重试`,
  TOO_MANY_CHECKS: () => "无法现在检查密码：正在检查的太多",
  PASSWORDS_OFF: () => "无法登录：密码登录已关闭；请通过身份提供方登录",
  TOKEN_PAST: ({ action, at }) => `无法${actions[action]}：${at} 已经过去`,
  TOKEN_OUTLIVES: ({ action, at }) =>
    `无法${actions[action]}：API 令牌不能创建比自己更晚结束的令牌，此令牌于 ${at} 结束`,
  TOO_MANY_TOKENS: ({ action, count }) => `无法${actions[action]}：您已有 ${count} 个，请先吊销一个`,
  TOKEN_NAME_TAKEN: ({ action, name }) => `无法${actions[action]}：您已有一个名为“${name}”的令牌`,
  TOKEN_UNKNOWN: ({ action }) => `无法${actions[action]}：没有这个令牌`,
  TOKEN_SCOPE: ({ scope }) => `无法创建令牌：范围 ${scope} 超出您的权限`,
  TOKEN_SCOPES_EMPTY: () => "无法创建令牌：至少需要一个范围",
  TOKEN_PROJECT_NEEDED: () => "无法创建令牌：服务令牌以及用于登记代理的令牌需要项目",
  TOKEN_PROJECT_BEYOND: () => "无法创建令牌：此请求的令牌限于一个项目，不能创建范围更大的令牌",
  TOKEN_LABELS: () => "无法创建令牌：标签仅用于范围 ENROL_AGENTS",
  TOKEN_MANAGES_OWN: ({ action }) =>
    `无法${actions[action]}：API 令牌只能管理自己和由它创建的令牌；请改为登录`,
  TOKEN_OVERLAP: ({ most, seconds }) =>
    `无法轮换令牌：overlapSeconds 须在 0 到 ${most} 之间，而不是 ${seconds}`,
  SERVICE_TOKEN_NAME_TAKEN: ({ name }) => `无法创建令牌：项目已有名为“${name}”的令牌`,
  NO_ACCOUNT: ({ action }) => `无法${actions[action]}：服务令牌没有帐户`,
  NO_USER: ({ action }) => `无法${actions[action]}：没有这个用户`,
  USER_NAME_TAKEN: ({ action, username }) => `无法${actions[action]}：已有用户“${username}”`,
  LAST_ADMINISTRATOR: ({ action, username }) =>
    `无法${actions[action]}：“${username}”是最后一位管理员；请先指定另一位`,
  PROVIDER_ONLY: ({ username }) => `无法重置密码：“${username}”通过身份提供方登录`,
  NULL_REFUSED: ({ action, field }) => `无法${actions[action]}：${field} 不能为空`,
  NO_MEMBER: () => "无法更改成员：该用户在此项目中没有角色",
} as const satisfies Partial<RefusalWords>;

function circle(cycle: readonly string[]): string {
  return [...cycle, cycle[0]].join(" → ");
}
