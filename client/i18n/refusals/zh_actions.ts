/** What somebody wanted to do, as it stands after 无法. */
import type { Values } from "../../../schema/sentences.ts";

type Action = Values<"NO_TASK">["action"];

export const zhActions: Readonly<Record<Action, string>> = {
  "add user": "添加用户",
  "cancel a run": "取消运行",
  "change a container": "更改容器",
  "change a project": "更改项目",
  "change the password": "更改密码",
  "copy container": "复制容器",
  "create API token": "创建令牌",
  "create container": "创建容器",
  "create relation": "创建依赖关系",
  "create task": "创建任务",
  "delete container": "删除容器",
  "delete logs": "删除输出",
  "delete relation": "删除依赖关系",
  "delete task": "删除任务",
  "list upcoming fires": "列出今后的触发",
  "list what did not run": "列出未运行的触发",
  "move tasks": "移动任务",
  "read how much is stored": "读取存储用量",
  "restore version": "恢复版本",
  "revoke another person's token": "吊销他人的令牌",
  "run again": "重新运行",
  "run task": "运行任务",
  "save container": "保存容器",
  "set a password": "设置密码",
  "sign in": "登录",
  "start a run": "开始运行",
  "start run": "开始运行",
  "tell figures": "读取统计数字",
  "update container": "更改容器",
  "update relation": "更改依赖关系",
  "update task": "更改任务",
};
