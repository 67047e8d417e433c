import { expect, test } from "@playwright/test";

test("the login form is there before any script", async ({ page }) => {
  const answer = await page.goto("/login");
  expect(answer?.status()).toBe(200);
  await expect(page.locator("form[method=post] input[type=password]")).toBeVisible();
});
