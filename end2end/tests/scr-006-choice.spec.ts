import { expect, signIn, test } from "./support/product";

test("coming back to another list of plans chooses none of them", async ({ page }) => {
  await signIn(page, "demo01", "/product/change");
  const first = page.locator("input[name=to]").first();
  const code = (await first.getAttribute("value")) ?? "";
  await page.locator(`label[for="plan-${code}"]`).click();
  await expect(first).toBeChecked();
  await page.goto("/bill/menu");
  // What stood first in the list is gone from it by now.
  await page.route("**/product/change?*", async (route) => {
    const answer = await route.fetch();
    const html = await answer.text();
    const card = html.indexOf('<li class="plan-card"');
    const next = html.indexOf('<li class="plan-card"', card + 1);
    await route.fulfill({ response: answer, body: html.slice(0, card) + html.slice(next) });
  });
  await page.goBack();
  await expect(page.locator(".plan-cards li").first()).toBeVisible();
  await expect(page.locator(`input[value="${code}"][type=radio]`)).toHaveCount(0);
  await expect(page.locator("input[name=to]:checked")).toHaveCount(0);
});

test("a picked plan stays picked by filters, a reload and the way back", async ({ page }) => {
  await signIn(page, "demo01", "/product/change");
  const filters = page.locator(".plan-filters");
  const picked = page.locator("input[name=to][value^='5G-']").first();
  const code = (await picked.getAttribute("value")) ?? "";
  const same = page.locator(`input[name=to][value="${code}"]`);
  const bar = page.locator(".picked");
  const name = (await picked.getAttribute("data-name")) ?? "";
  // By its label: the bar at the foot may cover the radio button.
  await page.locator(`label[for="plan-${code}"]`).click();
  await expect(bar).toContainText(name);

  await filters.getByRole("button", { name: "5G", exact: true }).click();
  await expect(page).toHaveURL(/network=5G/);
  await expect(same).toBeChecked();
  await expect(bar).toContainText(name);

  await page.reload();
  await expect(same).toBeChecked();

  await page.getByRole("button", { name: /(으?로|\(으\)로) 변경$/ }).click();
  await expect(page).toHaveURL(/\/product\/request/);
  await page.goBack();
  await expect(same).toBeChecked();
  await expect(bar).toContainText(name);

  // If the filter hides it, nothing is chosen; it comes back with the list.
  await filters.getByRole("button", { name: "LTE", exact: true }).click();
  await expect(page).toHaveURL(/network=LTE/);
  await expect(page.locator("input[name=to]:checked")).toHaveCount(0);
  await filters.getByRole("button", { name: "전체", exact: true }).first().click();
  await expect(same).toBeChecked();
});
