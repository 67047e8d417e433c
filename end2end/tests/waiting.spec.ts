// What a customer sees between a press and the next page.

import type { Page } from "@playwright/test";
import { expect, signIn, test } from "./support/product";

/** Holds requests of that kind back until it is called. */
async function held(page: Page, method: string, path: string) {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      if (route.request().method() === method && route.request().isNavigationRequest()) await released;
      await route.continue();
    },
  );
  return () => release();
}

test("the skeleton stands for the next page until the customer stops it", async ({ page }) => {
  await signIn(page, "bill01");
  const release = await held(page, "GET", "/bill/menu");
  const waiting = page.locator("html[data-waiting]");
  await page.locator(".service-list a").click({ noWaitAfter: true });
  await expect(waiting).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(waiting).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  release();
});

test("a change that was sent says so for as long as its answer takes", async ({ page }, { project }) => {
  // Both projects would change the same line.
  test.skip(project.name === "desktop");
  await page.clock.install();
  await signIn(page, "prod01");
  const menu = await (await page.request.get("/api/v1/product/change")).json();
  const query = `line=${menu.line.lineId}&from=${menu.currentProduct.code}&to=${menu.products[0].code}`;
  await page.goto(`/product/request?${query}`);
  await expect(page.getByText("상품 사전 체크에 성공하였다")).toBeVisible();
  const release = await held(page, "POST", "/product/request");
  await page.getByRole("button", { name: "변경 신청하기" }).click({ noWaitAfter: true });
  await expect(page.getByText("상품 변경이 진행되었다")).toBeVisible();
  // Longer than the patience of the skeleton.
  await page.clock.runFor(1_000);
  await expect(page.locator("html[data-waiting]")).toHaveCount(0);
  await expect(page.getByText("상품 변경이 진행되었다")).toBeVisible();
  release();
  await expect(page).toHaveURL(/\/product\/result\?request=/);
});

test.describe("a check that could not be made", () => {
  test.use({ tolerated: [/status of 4\d\d/, /status of 5\d\d/] });

  test("is repeated where that can help, and named to the customer centre", async ({ page }) => {
    // The answers are ours; nobody changes this line meanwhile.
    await signIn(page, "susp01");
    const menu = await (await page.request.get("/api/v1/product/change")).json();
    const answers = [
      { status: 503, body: { code: "KOS_UNAVAILABLE", traceId: "trace-503", retryAfter: 7 } },
      { status: 401, body: { code: "SESSION_ENDED", traceId: "trace-401" } },
      { status: 200, body: { type: "LINE_IN_USE", result: "FAIL", message: "아니요" } },
    ];
    const checks = ["PRODUCT_ON_SALE", "OPERATOR_MATCH", "LINE_IN_USE"];
    await page.route("**/rpc/product/check_one", async (route) => {
      const { status, body } = answers[checks.indexOf(route.request().postDataJSON().check)];
      await route.fulfill({ status, json: body });
    });
    const query = `line=${menu.line.lineId}&from=${menu.currentProduct.code}&to=${menu.products[0].code}`;
    await page.goto(`/product/request?${query}`);
    const [away, over, failed] = [0, 1, 2].map((index) => page.locator(".checks li").nth(index));
    await expect(away).toContainText("trace-503");
    await expect(away).toContainText("7초");
    await expect(away.getByRole("button")).toBeVisible();
    await expect(over).toContainText("trace-401");
    await expect(over.getByRole("button")).toBeHidden();
    await expect(over.getByRole("link", { name: "화면 다시 불러오기" })).toBeVisible();
    await expect(failed.getByRole("button")).toBeVisible();
    await expect(page.locator(".check-count")).toHaveText("3개 중 1개를 확인했어요");
    await expect(page.getByRole("button", { name: "변경 신청하기" })).toHaveAccessibleDescription(/통과하면/);
  });
});
