import type { Page } from "@playwright/test";
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

// Enlarges the text only, like the font size setting of a browser.
const enlarge = (page: Page) =>
  page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 200%; }");
    document.adoptedStyleSheets.push(sheet);
  });

test("text of twice its size fits 390 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, "demo01");
  for (const path of SCREENS) {
    await page.goto(path);
    await enlarge(page);
    await expectNoSidewaysScroll(page);
    // A label of one word stays on one line: 34 pixels of text and the padding.
    const logout = await page.locator(".top-bar").getByRole("button", { name: "로그아웃" }).boundingBox();
    expect(logout?.height).toBeLessThan(120);
  }
  // SCR-007, without ordering anything.
  const menu = await (await page.request.get("/api/v1/product/change")).json();
  const query = `line=${menu.line.lineId}&from=${menu.currentProduct.code}&to=${menu.products[0].code}`;
  await page.goto(`/product/request?${query}`);
  await enlarge(page);
  await expectNoSidewaysScroll(page);
});

test("what has the focus is not behind a bar", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, "demo01", "/product/change");
  await page.locator("input[name=to]").last().focus();
  // Upwards, so that the page scrolls towards the sticky bars.
  for (let step = 0; step < 8; step += 1) await page.keyboard.press("ArrowUp");
  const card = await page.locator(".plan-card:has(:focus)").boundingBox();
  const bar = await page.locator(".plan-now").boundingBox();
  expect(card?.y).toBeGreaterThanOrEqual((bar?.y ?? 0) + (bar?.height ?? 0) - 1);
});

test("forced colours show what is chosen and which button is primary", async ({ page }) => {
  await signIn(page, "demo01", "/product/change");
  await page.emulateMedia({ forcedColors: "active" });
  const background = (selector: string) =>
    page.locator(selector).first().evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await background(".chip[aria-current]")).not.toBe(await background(".chip:not([aria-current])"));
  const bar = ".action-bar .button";
  expect(await background(`${bar}.primary`)).not.toBe(await background(`${bar}.secondary`));
});

test("no screen streams its content behind a script", async ({ page }) => {
  await signIn(page, "demo01");
  for (const path of SCREENS) {
    const html = await (await page.request.get(path)).text();
    expect(html).not.toContain("<template");
    expect(html).toContain("</html>");
  }
});
