import { expect, expectAccessible, expectNoSidewaysScroll, signIn, test } from "./support/product";

test("the normal customer sees the month, the plan and both services", async ({ page }) => {
  await signIn(page, "demo01");
  await expect(page.getByRole("heading", { name: "이번 달 요금" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "현재 상품" })).toBeVisible();
  const content = page.getByRole("main");
  await expect(content.getByRole("link", { name: /요금 조회/ }).first()).toBeVisible();
  await expect(content.getByRole("link", { name: /상품 변경/ }).first()).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

for (const [id, shown, hidden] of [
  ["bill01", "요금 조회", "상품 변경"],
  ["prod01", "상품 변경", "요금 조회"],
] as const) {
  test(`${id} sees only what it may use`, async ({ page }) => {
    await signIn(page, id);
    await expect(page.getByRole("link", { name: new RegExp(shown) }).first()).toBeVisible();
    await expect(page.getByRole("link", { name: new RegExp(hidden) })).toHaveCount(0);
  });
}

test("a customer without any service is told so", async ({ page }) => {
  await signIn(page, "none01");
  await expect(page.getByText("서비스 이용 권한이 없습니다")).toBeVisible();
  await expectAccessible(page);
});

test.describe("a refused page", () => {
  test.use({ tolerated: [/403/] });
  for (const [id, path] of [
    ["bill01", "/product/menu"],
    ["prod01", "/bill/menu"],
    ["none01", "/bill/history"],
  ] as const) {
    test(`${id} is refused at ${path}`, async ({ page }) => {
      await signIn(page, id);
      const answer = await page.goto(path);
      expect(answer?.status()).toBe(403);
      await expect(page.getByText("서비스 이용 권한이 없습니다").first()).toBeVisible();
      await expectAccessible(page);
    });
  }
});
