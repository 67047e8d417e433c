import { expect, expectAccessible, signIn, test } from "./support/product";

test("another device can be signed out", async ({ page, browser }) => {
  await signIn(page, "bill01");
  const elsewhere = await browser.newPage({ baseURL: new URL(page.url()).origin });
  await signIn(elsewhere, "bill01");
  await page.goto("/account/sessions");
  await expect(page.getByText("지금 쓰는 기기")).toBeVisible();
  await expectAccessible(page);
  // End every session but this one.
  const others = page.locator("form[action^='/account/sessions/'] button");
  while ((await others.count()) > 0) await others.first().click();
  await expect(page.getByText("선택하신 기기에서 로그아웃했어요.")).toBeVisible();
  await expectAccessible(page);
  await expect(async () => {
    await elsewhere.goto("/main");
    await expect(elsewhere).toHaveURL(/\/login/, { timeout: 500 });
  }).toPass();
  await elsewhere.close();
});
