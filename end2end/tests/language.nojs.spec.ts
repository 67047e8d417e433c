import { expect, test } from "./support/product";

test("the switch of the language is a plain form", async ({ page }) => {
  await page.goto("/login?next=/bill/menu");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page).toHaveURL("/login?next=/bill/menu");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Log in");
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page).toHaveURL("/login?next=/bill/menu");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("로그인");
});
