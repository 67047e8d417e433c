// Pages that the browser asks for while the pointer approaches their links.

import type { Page } from "@playwright/test";
import { expect, signIn, test } from "./support/product";

/** Whether the page was there before its link was pressed. */
const wasAskedAhead = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType("navigation")
      .map((entry) => entry.toJSON())
      .some((entry) => entry.deliveryType === "navigational-prefetch" || entry.activationStart > 0),
  );

test("a page is asked for before its link is pressed", async ({ page }) => {
  await signIn(page, "bill01");
  await expect(async () => {
    await page.goto("/main");
    await page.locator(".service-list a").hover();
    await page.locator(".service-list a").click();
    await page.waitForURL("**/bill/menu?*");
    expect(await wasAskedAhead(page)).toBe(true);
  }).toPass({ timeout: 15_000 });
});

test("a page from before a change is not shown after it", async ({ page, context }, { project }) => {
  // No two projects change the same line.
  test.skip(project.name !== "desktop");
  await signIn(page, "prod01");
  const link = page.locator(".service-list a");
  const devtools = await context.newCDPSession(page);
  const asked = new Promise((resolve) => {
    devtools.on("Preload.prefetchStatusUpdated", ({ status }) => status === "Ready" && resolve(status));
  });
  await devtools.send("Preload.enable");
  await page.goto("/main");
  await link.hover();
  await asked;

  const tab = await context.newPage();
  await tab.goto("/product/change");
  const plan = tab.locator(".plan-cards li").first();
  const name = await plan.locator(".plan-name").innerText();
  await plan.locator("input[type=radio]").check({ force: true });
  await tab.getByRole("button", { name: /(으?로|\(으\)로) 변경$/ }).click();
  await tab.getByRole("button", { name: "변경 신청하기" }).click();
  await expect(tab.getByText("상품 변경이 완료되었습니다").first()).toBeVisible();

  await link.click();
  await page.waitForURL("**/product/menu*");
  await expect(page.locator("p.plan-name")).toHaveText(name);
  await tab.close();
});
