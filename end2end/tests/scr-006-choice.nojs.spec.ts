// With JavaScript off, only the form knows which plan is picked.

import { expect, signIn, test } from "./support/product";

test("a picked plan stays picked by filters, also by those that hide it", async ({ page }) => {
  await signIn(page, "demo01", "/product/change");
  const press = (name: string) =>
    page.locator(".plan-filters").getByRole("button", { name, exact: true }).first().click();
  const picked = page.locator("input[name=to][value^='5G-']").first();
  const code = (await picked.getAttribute("value")) ?? "";
  const same = page.locator(`input[type=radio][name=to][value="${code}"]`);
  await page.locator(`label[for="plan-${code}"]`).click();

  await press("5G");
  await expect(page).toHaveURL(/\/product\/change\?.*network=5G/);
  await expect(same).toBeChecked();
  await press("높은 요금순");
  await expect(page).toHaveURL(/network=5G.*sort=dearest/);
  await expect(same).toBeChecked();

  await press("LTE");
  await expect(page.locator("input[name=to]:checked")).toHaveCount(0);
  await expect(page.locator(".plan-filters .chip[aria-current]").first()).toHaveText("LTE");
  await press("전체");
  await expect(same).toBeChecked();

  // A plan picked from the list replaces one that was hidden.
  await press("LTE");
  const other = page.locator("input[type=radio][name=to]").first();
  const otherCode = (await other.getAttribute("value")) ?? "";
  await page.locator(`label[for="plan-${otherCode}"]`).click();
  // Enter presses the form's button, not a filter.
  await other.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/product/request\\?.*to=${otherCode}&`));
});

test("a filter asks for no plan to be picked first", async ({ page }) => {
  await signIn(page, "demo01", "/product/change");
  await page.locator(".plan-filters").getByRole("button", { name: "5G", exact: true }).click();
  await expect(page).toHaveURL(/network=5G/);
  // Keyboard users continue from the pressed filter.
  await expect(page.locator(".plan-filters").getByRole("button", { name: "5G", exact: true })).toBeFocused();
});
