import { expect, expectAccessible, test } from "./support/product";

test.use({ tolerated: [/404/] });

test("an address without a page says so and leads home", async ({ page }) => {
  const answer = await page.goto("/no/such/page");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "로그인하기" })).toBeVisible();
  await expectAccessible(page);
});
