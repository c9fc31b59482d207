import type { words as en } from "./words_en.ts";

export const words: typeof en = {
  signIn: {
    through: (name) => `使用 ${name} 登录`,
    providerFailed: "通过身份提供方登录失败。请重试，或联系管理员。",
    emergency: "密码登录已关闭，仅紧急账户可用。",
    lead: "为整张任务图而生的 cron",
    username: "用户名",
    password: "密码",
    submit: "登录",
    busy: "正在登录",
    wrong: "用户名或密码错误。",
    limited: (seconds) => `尝试次数过多，请在 ${seconds} 秒后重试。`,
    first: "第一次使用？服务器首次启动时显示了 admin 的密码。",
    ended: "会话已结束。登录后将回到刚才的页面。",
  },
  password: {
    title: "修改密码",
    first: "请设置您自己的密码",
    firstLead: "当前密码由服务器生成，请先设置自己的密码。",
    current: "当前密码",
    fresh: "新密码",
    again: "再次输入新密码",
    hint: "至少 8 个字符。由几个词组成的短语容易记住。",
    differs: "两次输入不一致",
    short: "至少 8 个字符",
    submit: "修改密码",
    done: "密码已修改，其他会话均已结束。",
  },
  again: {
    title: "您的登录已结束",
    lead: (name) => `请以 ${name} 重新登录以继续。您输入的内容仍在这里。`,
    other: "以其他人登录",
  },
};
