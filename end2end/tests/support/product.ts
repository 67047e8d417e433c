// What every spec shares: a page whose console must stay silent, the demo customers, axe.

import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";

export { expect };

export const PASSWORD = "Demo-pass-2026";

/** A test fails on any console error, uncaught exception or failed request of its page. */
export const test = base.extend<{ quiet: void; tolerated: RegExp[] }>({
  // What a spec provokes on purpose, for example the 403 of a refused page.
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

/** Answers such navigations with nothing, which leaves the browser where it is: it waits on. */
export async function unanswered(page: Page, method: string, path: string) {
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      if (route.request().method() === method) await route.fulfill({ status: 204 });
      else await route.continue();
    },
  );
}

/** No violation of WCAG 2.2 AA or best practice that axe can see, in both colour schemes. */
export async function expectAccessible(page: Page) {
  await withoutFades(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const told = violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((n) => n.target)}`);
    expect(told).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** Colours half-way from one scheme to the other have no contrast, so none is on its way. */
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

/** The same in a window of 320 pixels, to which the page is set for as long as that takes. */
export async function expectNarrowFit(page: Page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  if (before) await page.setViewportSize(before);
}

/** The line this project may change: two projects at once must not change the same one. */
export async function openChangeMenu(page: Page, project: string) {
  await page.goto("/product/menu");
  if (project === "desktop") {
    await page.getByRole("link", { name: "010-2345-6789" }).click();
  }
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("상품 변경");
}
