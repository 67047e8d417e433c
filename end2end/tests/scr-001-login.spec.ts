import { expect, expectAccessible, PASSWORD, signIn, test, unanswered } from "./support/product";

test("the password can be shown and hidden", async ({ page }) => {
  await page.goto("/login");
  const password = page.locator("#password");
  await password.fill("secret-word");
  await page.getByRole("button", { name: "비밀번호 보기" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByRole("button", { name: "비밀번호 숨기기" }).click();
  await expect(password).toHaveAttribute("type", "password");
  await expect(password).toHaveValue("secret-word");
});

test("a wrong password says so and keeps the id", async ({ page }) => {
  const id = `no-${Date.now() % 1e9}`;
  await page.goto("/login");
  await page.getByLabel("아이디").fill(id);
  await page.locator("#password").fill("wrong-password");
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("ID 또는 비밀번호를 확인해주세요");
  await expect(page.getByLabel("아이디")).toHaveValue(id);
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("pressing twice is one attempt", async ({ page }) => {
  let attempts = 0;
  page.on("request", (request) => {
    if (request.method() === "POST") attempts += 1;
  });
  await page.goto("/login");
  await page.getByLabel("아이디").fill("nobody");
  await page.locator("#password").fill("wrong-password");
  // The islands are hydrated.
  await expect(page.getByRole("button", { name: "비밀번호 보기" })).toBeVisible();
  // The server never sees the attempt, so no lock counts it.
  await unanswered(page, "POST", "/login");
  const submit = page.locator("main button[type=submit]");
  await submit.dblclick();
  await expect(submit).toHaveText("로그인하고 있어요…");
  await expect(submit).toBeDisabled();
  await page.locator("#password").press("Enter");
  expect(attempts).toBe(1);
  // A customer who stops the browser can try again.
  await page.keyboard.press("Escape");
  await expect(submit).toHaveText("로그인");
  await submit.click();
  await expect.poll(() => attempts).toBe(2);
});

test("a stopped attempt leaves no timer that could end the next one's waiting", async ({ page }) => {
  // The numbers of a simulated clock's timers are too large for the page's code to clear.
  await page.addInitScript(() => {
    const givingUp = new Set<number>();
    const { setTimeout, clearTimeout } = window;
    const set = (run: TimerHandler, wait?: number) => {
      const timer = setTimeout(run, wait);
      if (wait === 15_000) givingUp.add(timer);
      return timer;
    };
    const clear = (timer?: number) => {
      givingUp.delete(timer ?? 0);
      clearTimeout(timer);
    };
    Object.assign(window, { setTimeout: set, clearTimeout: clear, givingUp });
  });
  const timers = () => page.evaluate(() => Reflect.get(window, "givingUp").size);
  await page.goto("/login");
  await page.getByLabel("아이디").fill("nobody");
  await page.locator("#password").fill("wrong-password");
  await expect(page.getByRole("button", { name: "비밀번호 보기" })).toBeVisible();
  await unanswered(page, "POST", "/login");
  await page.locator("main button[type=submit]").click();
  await expect.poll(timers).toBeGreaterThan(0);
  await page.keyboard.press("Escape");
  await expect.poll(timers).toBe(0);
});

test("the fifth wrong password locks for thirty minutes and says so", async ({ page }) => {
  // An unknown id behaves like an existing one, and locks no demo customer out.
  const id = `nobody-${Date.now() % 1e9}`;
  await page.goto("/login");
  for (const expected of Array(4).fill("ID 또는 비밀번호를 확인해주세요").concat("30분간 계정이 잠금")) {
    await page.getByLabel("아이디").fill(id);
    await page.locator("#password").fill("wrong-password");
    await page.getByRole("button", { name: "로그인", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText(expected);
  }
});

test("wrong fields are named where they are", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("아이디").fill("a!");
  await page.locator("#password").fill("short");
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await expect(page.getByText("아이디는 영문, 숫자, _, -로 3~20자예요.")).toBeVisible();
  await expect(page.getByText("비밀번호는 8자 이상 128자 이하예요.")).toBeVisible();
});

test("a deep link survives the login", async ({ page }) => {
  await page.goto("/bill/menu");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel("아이디").fill("demo01");
  await page.locator("#password").fill(PASSWORD);
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await expect(page).toHaveURL("/bill/menu");
});

test("whoever is signed in is led past the login, on the way back too", async ({ page }) => {
  await signIn(page, "bill01");
  await page.goto("/login?next=/bill/menu");
  await expect(page).toHaveURL("/bill/menu");
  await page.goto("/login");
  await expect(page).toHaveURL("/main");
  await page.getByRole("button", { name: "로그아웃" }).first().click();
  await signIn(page, "bill01");
  await page.goBack();
  await expect(page).toHaveURL("/main");
});

test("after a logout the back button shows nothing", async ({ page }) => {
  await signIn(page, "demo01");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("안녕하세요");
  await page.getByRole("button", { name: "로그아웃" }).first().click();
  await expect(page).toHaveURL("/login");
  await expect(page.getByRole("status")).toHaveText("로그아웃했어요.");
  await expectAccessible(page);
  await page.goBack();
  await expect(page.getByText("010-1234-5678")).toHaveCount(0);
  await expect(page).toHaveURL(/\/login/);
});

test("automatic login keeps the cookies over the end of the browser", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("아이디").fill("bill01");
  await page.locator("#password").fill(PASSWORD);
  await page.getByLabel("자동 로그인").check();
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await expect(page).toHaveURL("/main");
  const cookies = (await page.context().cookies()).filter(({ name }) => name.includes("phonebill_"));
  expect(cookies.length).toBeGreaterThanOrEqual(2);
  for (const cookie of cookies) {
    expect(cookie.httpOnly).toBe(true);
    expect(cookie.sameSite).toBe("Lax");
    expect(cookie.expires).toBeGreaterThan(Date.now() / 1000 + 23 * 3600);
  }
});
