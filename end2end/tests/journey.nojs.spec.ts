// The whole journey with JavaScript off: every page and every form is plain HTML.

import { expect, expectNoSidewaysScroll, signIn, test } from "./support/product";

test("log in, read a bill, choose another month, log out", async ({ page }) => {
  await signIn(page, "demo01", "/bill/menu");
  await page.getByRole("main").getByRole("button", { name: "요금 조회" }).click();
  await expect(page.locator(".total").first()).toContainText("원");
  await expect(page.locator("template")).toHaveCount(0);
  await page.goto("/bill/history");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("조회 내역");
  await page.getByRole("button", { name: "로그아웃" }).first().click();
  await expect(page).toHaveURL("/login");
});

test("a wrong password is told", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("아이디").fill(`no-${Date.now() % 1e9}`);
  await page.locator("#password").fill("wrong-password");
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("ID 또는 비밀번호를 확인해주세요");
});

test("change a plan", async ({ page }) => {
  await signIn(page, "prod01", "/product/menu");
  await page.getByRole("link", { name: "상품 변경하기" }).click();
  await page.locator(".plan-cards label").first().click();
  await page.getByRole("button", { name: "선택한 상품으로 변경" }).click();
  await expect(page).toHaveURL(/\/product\/request/);
  await page.getByRole("link", { name: "사전 체크 시작" }).click();
  await expect(page.getByText("상품 사전 체크에 성공하였다")).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.getByRole("button", { name: "변경 신청하기" }).click();
  await expect(page.getByText("상품 변경이 완료되었습니다").first()).toBeVisible();
});
