// Shared by all specs: a page whose console must stay silent, the demo customers, axe.

import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";

export { expect };

export const PASSWORD = "Demo-pass-2026";

/** A test fails on any console error or warning, or uncaught exception of its page. */
export const test = base.extend<{ quiet: void; tolerated: RegExp[] }>({
  // Messages that a spec provokes on purpose, for example the 403 of a refused page.
  tolerated: [[], { option: true }],
  quiet: [
    async ({ page, tolerated }, use) => {
      const noise: string[] = [];
      const note = (text: string) => {
        if (!tolerated.some((pattern) => pattern.test(text))) noise.push(text);
      };
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) note(message.text());
      });
      page.on("pageerror", (error) => note(error.message));
      await use();
      expect(noise).toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs in through the form and waits for the main screen, or for `next`. */
export async function signIn(page: Page, id: string, next?: string) {
  await page.goto(next ? `/login?next=${encodeURIComponent(next)}` : "/login");
  await page.getByLabel("아이디").fill(id);
  await page.locator("#password").fill(PASSWORD);
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}

/** Answers these navigations with 204: the browser stays where it is and keeps waiting.
 * A page asked for ahead gets past this, see `askingNothingAhead`. */
export async function unanswered(page: Page, method: string, path: string) {
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      if (route.request().method() === method) await route.fulfill({ status: 204 });
      else await route.continue();
    },
  );
}

/** Pages opened from now on have no speculation rules: the browser asks for a page when a link is pressed. */
export async function askingNothingAhead(page: Page) {
  const rules = { contentType: "application/speculationrules+json", body: "{}" };
  await page.route("**/speculation-rules.json", (route) => route.fulfill(rules));
}

/** axe finds no violation of WCAG 2.2 AA or best practice, in either colour scheme. */
export async function expectAccessible(page: Page) {
  await withoutFades(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((n) => n.target)}`);
    expect(found).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** Ends colour transitions: half-way between two schemes, contrast is meaningless. */
async function withoutFades(page: Page) {
  const fades = await page.evaluate(() => {
    // A constructed sheet: the page's policy allows no inline style.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, *::before, *::after { transition: none !important; }");
    document.adoptedStyleSheets.push(sheet);
    document.body.getBoundingClientRect();
    return document.getAnimations().filter((animation) => animation instanceof CSSTransition).length;
  });
  expect(fades).toBe(0);
}

/** Nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page) {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(window);
}

/** The same at a width of 320 pixels; restores the viewport. */
export async function expectNarrowFit(page: Page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  if (before) await page.setViewportSize(before);
}

/** Opens the menu of the line this project may change: no two projects change the same one. */
export async function openChangeMenu(page: Page, project: string) {
  await page.goto("/product/menu");
  if (project === "desktop") {
    await page.getByRole("link", { name: "010-2345-6789" }).click();
  }
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("상품 변경");
}
