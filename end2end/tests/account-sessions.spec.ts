import { expect, expectAccessible, signIn, test } from "./support/product";

test("another device can be signed out", async ({ page, browser }) => {
  await signIn(page, "none01");
  const elsewhere = await browser.newPage({ baseURL: new URL(page.url()).origin });
  await signIn(elsewhere, "none01");
  await page.goto("/account/sessions");
  await expect(page.getByText("지금 쓰는 기기")).toBeVisible();
  await expectAccessible(page);
  const others = page.locator("form[action$='/end'] button");
  await others.first().click();
  await expect(page.getByText("선택하신 기기에서 로그아웃했어요.")).toBeVisible();
  // Ends every other session, including those of other tests.
  await signIn(await browser.newPage({ baseURL: new URL(page.url()).origin }), "none01");
  await page.reload();
  await page.getByRole("button", { name: "다른 기기 모두 로그아웃" }).click();
  await expect(page.getByText("다른 기기에서 모두 로그아웃했어요.")).toBeVisible();
  await expect(others).toHaveCount(0);
  await expectAccessible(page);
  await expect(async () => {
    await elsewhere.goto("/main");
    await expect(elsewhere).toHaveURL(/\/login/, { timeout: 500 });
  }).toPass();
  await elsewhere.close();
});
