/** A console in Chinese: whatever the server refuses is said in Chinese, and nothing of ours stays in English. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import { ADMIN_PASSWORD, type TestServer } from "../support/server.ts";
import { inBrowser, sharedServer, type Visit, visit, visitAsAdmin } from "./browser.ts";
import { addUser, endOfRun, makeContainer, newName, startRun } from "./made.ts";

const READER_PASSWORD = "difference engine";
/** The server takes ten guesses of one name from one address. */
const GUESSES = 10;

Deno.test("a wrong password, and too many of them, are told in Chinese", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitInChinese(server);
  const { page } = visitor;
  await page.goto("/sign-in");

  await signIn(page, "nobody", "wrong horse");
  await page.getByText("用户名或密码错误").waitFor();
  deepStrictEqual(await englishOn(page), []);
  for (let guess = 0; guess < GUESSES; guess++) {
    await server.graphql(
      `mutation { signIn(username: "nobody", password: "wrong") { __typename } }`,
      {},
      null,
    );
  }
  await signIn(page, "nobody", "wrong horse");

  await page.getByText(/尝试次数过多，请在 \d+ 秒后重试/).waitFor();
  deepStrictEqual(await englishOn(page), []);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("a weak password is refused at its field, in Chinese", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitInChineseAsAdmin(server);
  const { page } = visitor;
  await page.goto("/account");

  await page.getByLabel("当前密码").fill(ADMIN_PASSWORD);
  await page.getByLabel("新密码", { exact: true }).fill(ADMIN_PASSWORD);
  await page.getByLabel("再次输入新密码").fill(ADMIN_PASSWORD);
  await page.getByRole("button", { name: "修改密码" }).click();

  await page.getByText("请换一个新密码，这是现在的密码").waitFor();
  await isInvalid(page, "新密码");
  deepStrictEqual(await englishOn(page), []);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("a name that is taken is told at the field, in Chinese", inBrowser, async () => {
  const server = await sharedServer();
  const name = newName("夜间");
  await makeContainer(server, { name }, {});
  await using visitor = await visitInChineseAsAdmin(server);
  const { page } = visitor;
  await page.goto("/containers");
  await visitor.settled();

  await page.getByRole("button", { name: "新建容器" }).click();
  await page.getByRole("dialog").getByLabel("名称").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "创建" }).click();

  await page.getByText(`项目中已有名为“${name}”的容器`).waitFor();
  await isInvalid(page, "名称");
  deepStrictEqual(await englishOn(page), []);
  deepStrictEqual(visitor.complaints, []);
});

for (const width of [1280, 360]) {
  Deno.test(
    `an expression that cannot be read is explained in Chinese at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      const id = await makeContainer(server, { name: newName("夜间"), expression: "30 2 * * *" }, {});
      await using visitor = await visitInChineseAsAdmin(server, width);
      const { page } = visitor;
      await page.goto(`/containers/${id}?tab=schedule`);
      await page.locator(".fires li").first().waitFor();
      await visitor.settled();

      await page.getByLabel("Cron 表达式").fill("61 2 * * *");
      await page.getByText("这里不认识 61。分：0 到 59").first().waitFor();
      await page.locator(".cron-fault mark").getByText("61", { exact: true }).waitFor();
      deepStrictEqual(await englishOn(page), []);
      await page.getByLabel("Cron 表达式").fill("@fortnightly");

      await page.getByText("认识的宏有 @yearly").first().waitFor();
      deepStrictEqual(await englishOn(page), []);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test(
  "a refused save is told at its field, and an overtaken one as a choice, in Chinese",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const id = await makeContainer(server, { name: newName("夜间") }, { "清点": "true" });
    await using visitor = await visitInChineseAsAdmin(server);
    const { page } = visitor;
    await page.goto(`/containers/${id}?tab=settings`);
    await page.getByLabel("优先级").waitFor();
    await visitor.settled();

    await page.getByLabel("优先级").fill("2000000");
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByText("须是 -1000000 到 1000000 的整数").waitFor();
    await isInvalid(page, "优先级");
    deepStrictEqual(await englishOn(page), []);
    await page.getByLabel("优先级").fill("7");
    await server.graphql(
      `mutation ($id: ID!) { updateContainer(input: { id: $id, priority: 9 }) { __typename } }`,
      { id },
    );

    await page.getByText("此容器刚刚被他人保存").waitFor();
    deepStrictEqual(await englishOn(page), []);
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("what needs more rights is disabled, with the reason in Chinese", inBrowser, async () => {
  const server = await sharedServer();
  await addUser(server, "ada", READER_PASSWORD);
  const name = newName("夜间");
  const container = await makeContainer(server, { name }, { "清点": "sleep 300", "上传": "sleep 300" });
  const run = await startRun(server, container);
  await using visitor = await visitInChinese(server);
  const { page } = visitor;
  const mutations = watchMutations(page);
  await page.goto("/sign-in?from=/messages");
  await signIn(page, "ada", READER_PASSWORD);
  // What happened before there was the account is no news to it.
  await page.getByRole("button", { name: "消息", exact: true }).waitFor();
  await visitor.settled();
  mutations.length = 0;

  for (
    const { path, shows, barred } of [
      { path: "/", shows: "h1", barred: 0 },
      { path: "/containers", shows: "[data-container]", barred: 4 },
      { path: `/containers/${container}`, shows: ".graph-canvas canvas", barred: 5 },
      { path: `/containers/${container}?tab=schedule`, shows: ".schedule form, .cron-line", barred: 5 },
      { path: `/containers/${container}?tab=settings`, shows: ".field-grid", barred: 5 },
      { path: `/containers/${container}?tab=versions`, shows: ".versions", barred: 1 },
      { path: `/runs/${run}`, shows: ".run-head", barred: 1 },
      { path: "/live", shows: ".live-task", barred: 2 },
      { path: "/tasks", shows: ".rows.tasks", barred: 4 },
      { path: "/logs", shows: "h1", barred: 0 },
    ]
  ) {
    await page.goto(path);
    await page.locator(shows).first().waitFor();
    await visitor.settled();
    const disabled = await page.locator("main :is(button, input, select, textarea):disabled").count();
    ok(disabled >= barred, `${path} has ${disabled} disabled controls`);
    for (const key of ["n", "r", "s", "t", "x", "l", "Delete"]) await page.keyboard.press(key);
    await page.evaluate(
      'document.querySelectorAll("main button:not(:disabled)").forEach((one) => one.click())',
    );
    await visitor.settled();
    strictEqual(await page.locator(".save-bar").count(), 0, path);
    // Everybody has favourites of their own.
    deepStrictEqual(mutations.filter((mutation) => mutation !== "mutation SetFavorite"), [], path);
  }
  await page.goto("/containers");
  const button = page.getByRole("row", { name }).locator(".run-cell button");
  strictEqual(await button.getAttribute("title"), "您只有只读权限：请向项目的管理员申请可以更改的角色");
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: "新建容器" }).and(page.locator('[aria-disabled="true"]')).waitFor();
  deepStrictEqual(await englishOn(page), []);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test(
  "a download that is refused leaves the page where it is, and says why in Chinese",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const run = await startRun(
      server,
      await makeContainer(server, { name: newName("夜间") }, { "清点": "echo 一" }),
    );
    await endOfRun(server, run);
    await using visitor = await visitInChineseAsAdmin(server);
    const { page } = visitor;
    // Asked for an output that is not there, as when it was pruned under the page.
    await page.route(
      "**/download/**",
      (route) => route.continue({ url: `${server.address}/download/task-runs/gone?format=text` }),
    );
    await page.goto(`/runs/${encodeURIComponent(run)}`);
    await page.locator(".log-row").first().waitFor();
    const address = page.url();

    await page.getByRole("button", { name: "此输出的更多操作" }).click();
    await page.getByRole("menuitem", { name: "下载为文本" }).click();

    await page.getByText("没有这份输出").waitFor();
    deepStrictEqual([page.url(), await englishOn(page)], [address, []]);
    // The browser itself notes what was not found: the question whether there is a file, and the one why not.
    deepStrictEqual(visitor.complaints.filter((complaint) => !complaint.includes("status of 404")), []);
  },
);

async function visitInChinese({ address }: TestServer): Promise<Visit> {
  return await visit({ address, locale: "zh-CN" });
}

async function visitInChineseAsAdmin(server: TestServer, width = 1280): Promise<Visit> {
  return await visitAsAdmin(server, { width, locale: "zh-CN" });
}

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel("用户名").fill(username);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
}

/** What the page asks the server to change. */
function watchMutations(page: Page): string[] {
  const found: string[] = [];
  page.on("request", (request) => {
    const [mutation] = /mutation \w+/.exec(request.postData() ?? "") ?? [];
    if (mutation !== undefined) found.push(mutation);
  });
  return found;
}

async function isInvalid(page: Page, label: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).and(page.locator('[aria-invalid="true"]')).waitFor();
}

/** Sentences that nobody put into Chinese: three words of letters in a row. */
async function englishOn(page: Page): Promise<readonly string[]> {
  const text = await page.locator("body").innerText();
  return text.match(/[A-Za-z']+(?: [A-Za-z']+){2,}/g) ?? [];
}
