import { expect, expectAccessible, expectNarrowFit, PASSWORD, signIn, test } from "./support/product";

test("a customer reads a bill in English and goes back to Korean", async ({ page }) => {
  await page.goto("/login?next=/bill/menu");
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page).toHaveURL("/login?next=/bill/menu");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Log in");
  // The islands speak it too.
  await expect(page.getByRole("button", { name: "Show password" })).toBeVisible();
  await expectAccessible(page);
  await expectNarrowFit(page);

  await page.getByLabel("ID", { exact: true }).fill("demo01");
  await page.locator("#password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page).toHaveURL("/bill/menu");
  await page.getByRole("main").getByRole("button", { name: "View bill" }).click();
  await expect(page).toHaveURL(/\/bill\/result\?/);
  for (const item of ["Bill details", "Usage", "Last 6 months"]) {
    await expect(page.getByRole("heading", { name: item })).toBeVisible();
  }
  await expect(page.locator(".total").first()).toHaveText(/^[0-9,]+ won$/);
  await expect(page.getByRole("button", { name: "Close all" })).toBeVisible();
  await expectAccessible(page);
  await expectNarrowFit(page);

  const bill = page.url();
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page.getByRole("heading", { name: "요금 상세" })).toBeVisible();
  await expect(page).toHaveURL(bill);
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
});

test("what the server tells an island is English on an English page", async ({ page }) => {
  await signIn(page, "susp01", "/product/change");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Choose a plan");
  await page.locator(".plan-cards label").first().click();
  await page.getByRole("button", { name: /^Continue with/ }).click();
  await expect(page).toHaveURL(/\/product\/request/);
  await expect(page.getByText("The plan is on sale.")).toBeVisible();
  await expect(page.getByText("The line to be changed is not in use")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "did not pass" })).toBeVisible();
  await expectAccessible(page);
});

test("a plan that was picked stays picked in the other language", async ({ page }) => {
  await signIn(page, "demo01", "/product/change");
  const picked = page.locator("input[name=to]:checked");
  await page.locator(".plan-cards label").nth(1).click();
  await expect(page).toHaveURL(/[?&]to=/);
  const plan = await picked.inputValue();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Choose a plan");
  await expect(picked).toHaveValue(plan);
  await expect(page.getByRole("button", { name: /^Continue with/ })).toBeVisible();
});
