/** 请求本身被拒绝，以及服务器自己的故障。 */
import type { RefusalWords } from "./words.ts";

const BEHIND_A_PROXY = "；在代理之后，请将 ORRERY_PUBLIC_URL 设为人们使用的地址";

export const zhRequests = {
  INTERNAL: ({ id }) => `内部错误 ${id}；详情见服务器的日志`,
  UNAVAILABLE: () => "数据库暂时不可用；请先确认更改是否已经生效，然后重试",
  METHOD_UNKNOWN: ({ allowed }) => `无法接受此方法：请使用 ${allowed}`,
  BODY_BROKEN: () => "无法读取请求：正文中断",
  BODY_NO_TEXT: () => "无法读取请求：它不是 UTF-8",
  BODY_TYPE: () => "无法读取请求：请以 Content-Type: application/json 发送",
  BODY_LONG: ({ limit }) => `无法读取请求：正文超过 ${limit} 字节`,
  BODY_LONG_STRANGER: ({ limit }) => `无法读取请求：正文超过 ${limit} 字节，登录后可发送更多`,
  BODY_NO_OBJECT: () => "无法读取请求：正文不是含有查询的 JSON 对象",
  NO_JSON: ({ what }) =>
    `无法读取请求：${
      what === "its body" ? "正文" : what === "the parameter variables" ? "参数 variables" : "参数 extensions"
    }不是 JSON`,
  REQUEST_LARGE: ({ most }) => `无法读取请求：它有超过 ${most} 个值`,
  REQUEST_DEEP: ({ most }) => `无法读取请求：它深于 ${most} 层`,
  TEXT_UNSTORABLE: ({ field }) => `无法读取请求：${field} 的文本含有 NUL 或半个字符，无法存储`,
  HOST_UNKNOWN: ({ host }) =>
    `无法在地址“${host}”应答：若它是本服务器的地址，请将 ORRERY_PUBLIC_URL（或 [server] 的 url）设为它`,
  COOKIE_ELSEWHERE: () => `无法接受请求：它由其他来源的页面凭 cookie 发出${BEHIND_A_PROXY}`,
  OPERATION_NESTED: () => "无法读取操作：嵌套太深",
  OPERATION_TOKENS: ({ most }) => `无法读取操作：它超过 ${most} 个记号；请用变量传递内容`,
  OPERATION_DEEP: ({ most }) => `无法执行操作：它深于 ${most} 层`,
  OPERATION_ALIASES: ({ most }) => `无法执行操作：它有超过 ${most} 个别名`,
  OPERATION_COST: ({ cost, most }) =>
    `无法执行操作：它的代价为 ${cost}，上限为 ${most}；请减小分页或减少字段`,
  LINES_LARGE: ({ most }) => `无法在此操作中读取更多行：已有 ${most} 个字符；请在另一操作中读取其余的行`,
  SUBSCRIPTION_HEADER: () => "无法订阅：请带上请求头 Accept: text/event-stream",
  TOKEN_IN_ADDRESS: () =>
    "无法在此使用地址中的令牌：它只用于以 GET 进行的订阅和下载，以及范围仅为 VIEW 的令牌的 GET 查询；请发送 Authorization: Bearer",
  MUTATION_BY_GET: () => "无法用 GET 更改内容：请用 POST 发送",
  MUTATION_ELSEWHERE: () => `无法更改内容：请求来自其他来源的页面${BEHIND_A_PROXY}`,
  MUTATION_UNPROVEN: ({ header }) =>
    `无法仅凭 cookie 更改内容：请同时发送请求头 ${header}: 1，或使用 Authorization: Bearer`,
  SCHEMA_STRANGER: () => "无法给出模式：请先登录",
  DATE_TIME: ({ quoted }) =>
    `无法读取 DateTime ${quoted}：须是带偏移量的 RFC 3339 时刻，例如 "2026-01-31T08:00:00.000Z"`,
  JSON_LARGE: ({ most }) => `无法读取 JSON：它有超过 ${most} 个值`,
  JSON_DEEP: ({ most }) => `无法读取 JSON：它深于 ${most} 层`,
  TOO_MANY_STREAMS: ({ most, operations }) =>
    `无法再打开一个流：此令牌或会话已打开 ${most} 个；请关闭一个、使用另一令牌，或在 /graphql/stream 的一个流中订阅最多 ${operations} 次`,
  STREAM_STRANGER: () => "无法使用流：请先登录",
  STREAM_OPEN: () => "无法打开流：它已经打开",
  STREAM_UNKNOWN: () => "无法使用流：它已结束、不属于您或从未预留；请用 PUT 预留一个",
  OPERATION_UNNAMED: () => "无法执行操作：须由 extensions.operationId 指名",
  OPERATION_RUNS: ({ id }) => `无法执行操作：“${id}”已在此流中执行`,
  TOO_MANY_OPERATIONS: ({ most }) =>
    `无法执行操作：此流中已有 ${most} 个在执行；请先结束一个，或预留另一个流`,
  ENDED_OPERATION_UNNAMED: () => "无法结束操作：须由参数 operationId 指名",
} as const satisfies Partial<RefusalWords>;
