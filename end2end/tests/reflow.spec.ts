import { expect, expectNoSidewaysScroll, signIn, test } from "./support/product";

// SCR-007 and SCR-008 need a change: scr-008-change.spec.ts looks at them.
const SCREENS = [
  "/main",
  "/bill/menu",
  "/bill/result",
  "/bill/history",
  "/product/menu",
  "/product/change",
  "/product/history",
  "/account/sessions",
];

test("every screen fits 320 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/login");
  await expectNoSidewaysScroll(page);
  await signIn(page, "demo01");
  for (const path of SCREENS) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expectNoSidewaysScroll(page);
  }
});

test("no screen streams its content behind a script", async ({ page }) => {
  await signIn(page, "demo01");
  for (const path of SCREENS) {
    const html = await (await page.request.get(path)).text();
    expect(html).not.toContain("<template");
    expect(html).toContain("</html>");
  }
});
