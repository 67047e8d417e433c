// The screen between a press and the next page.

import type { Page } from "@playwright/test";
import { askingNothingAhead, expect, signIn, test, unanswered } from "./support/product";

/** A text is no JSON, such as a proxy's own answer. */
type Answer = { status: number; body: object | string };

/** Opens SCR-007 of a line that no other test changes, with the given answers to its checks. */
async function openVisit(page: Page, answer: (check: string) => Answer | Promise<Answer>) {
  await signIn(page, "susp01");
  await page.route("**/rpc/product/check_one", async (route) => {
    const { status, body } = await answer(route.request().postDataJSON().check);
    if (typeof body === "string") await route.fulfill({ status, contentType: "text/html", body });
    else await route.fulfill({ status, json: body });
  });
  const menu = await (await page.request.get("/api/v1/product/change")).json();
  const query = `line=${menu.line.lineId}&from=${menu.currentProduct.code}&to=${menu.products[0].code}`;
  await page.goto(`/product/request?${query}`);
}

test("the skeleton stands for the next page until the customer stops it", async ({ page }) => {
  await askingNothingAhead(page);
  await signIn(page, "bill01");
  await unanswered(page, "GET", "/bill/menu");
  const waiting = page.locator("html[data-waiting]");
  // A press before the island is hydrated shows no skeleton.
  await expect(async () => {
    await page.locator(".service-list a").click();
    await expect(waiting).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  await page.keyboard.press("Escape");
  await expect(waiting).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("a load that the browser was told to stop gives the page back", async ({ page }) => {
  await page.clock.install();
  await askingNothingAhead(page);
  await signIn(page, "bill01");
  // Nothing tells a page of the stop button: the answer just never comes.
  await unanswered(page, "GET", "/bill/menu");
  const waiting = page.locator("html[data-waiting]");
  await expect(async () => {
    await page.locator(".service-list a").click();
    await page.clock.runFor(1_000);
    await expect(waiting).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  await page.clock.runFor(15_000);
  await expect(waiting).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("a filter that is on already can be pressed again", async ({ page }) => {
  await signIn(page, "demo01", "/product/change");
  for (const name of ["전체", "5G", "5G", "5G"]) {
    const chip = page.locator(".plan-filters").getByRole("button", { name, exact: true }).first();
    const arrived = page.waitForEvent("load");
    await chip.click();
    await arrived;
    await expect(chip).toHaveAttribute("aria-current", "true");
    await expect(page.locator("html[data-waiting]")).toHaveCount(0);
  }
});

test("a change that was sent says so for as long as its answer takes", async ({ page }) => {
  await page.clock.install();
  await openVisit(page, () => ({ status: 200, body: { result: "PASS", message: "" } }));
  await expect(page.getByText("상품 사전 체크에 성공하였다")).toBeVisible();
  await expect(page.locator(".check-count")).toHaveText("3개 중 3개를 확인했어요");
  // No change is ordered.
  await unanswered(page, "POST", "/product/request");
  const submit = page.getByRole("button", { name: "변경 신청" });
  await expect(submit).not.toHaveAccessibleDescription(/./);
  await submit.click();
  await expect(page.getByText("상품 변경이 진행되었다")).toBeVisible();
  // Longer than the skeleton's delay.
  await page.clock.runFor(1_000);
  await expect(page.locator("html[data-waiting]")).toHaveCount(0);
  await expect(page.getByText("상품 변경이 진행되었다")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(submit).toBeEnabled();
});

test("a check that is made again keeps its button and the focus", async ({ page }) => {
  let verdict = "FAIL";
  let gate = Promise.resolve();
  let open = () => {};
  await openVisit(page, async () => {
    await gate;
    return { status: 200, body: { result: verdict, message: "" } };
  });
  const retry = page.locator(".checks li").first().getByRole("button");
  await expect(retry).toBeEnabled();
  for (const next of ["FAIL", "PASS"]) {
    verdict = next;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    await retry.press("Enter");
    await expect(retry).toBeDisabled();
    await expect(retry).toBeFocused();
    open();
    await expect(page.locator(".checks li.running")).toHaveCount(0);
    await expect(retry).toBeFocused();
    await expect(retry).toBeEnabled({ enabled: next === "FAIL" });
  }
  // After a pass, the button stays only until it loses focus.
  await page.keyboard.press("Tab");
  await expect(retry).toBeHidden();
});

test.describe("a check that could not be made", () => {
  test.use({ tolerated: [/status of (401|502|503)|ERR_CONNECTION_FAILED/] });

  test("is repeated where that can help, and named to the customer centre", async ({ page }) => {
    const answers = [
      { status: 503, body: { code: "KOS_UNAVAILABLE", traceId: "trace-503", retryAfter: 7 } },
      { status: 401, body: { code: "SESSION_ENDED", traceId: "trace-401" } },
      { status: 200, body: { result: "FAIL", message: "아니요" } },
    ];
    const checks = ["PRODUCT_ON_SALE", "OPERATOR_MATCH", "LINE_IN_USE"];
    await openVisit(page, (check) => answers[checks.indexOf(check)]);
    const [away, over, failed] = [0, 1, 2].map((index) => page.locator(".checks li").nth(index));
    await expect(away).toContainText("trace-503");
    await expect(away).toContainText("7초");
    await expect(away.getByRole("button")).toBeVisible();
    await expect(over).toContainText("trace-401");
    await expect(over.getByRole("button")).toBeHidden();
    await expect(over.getByRole("link", { name: "화면 다시 불러오기" })).toBeVisible();
    await expect(failed.getByRole("button")).toBeVisible();
    await expect(page.locator(".check-count")).toHaveText("3개 중 1개를 확인했어요");
    await expect(page.getByRole("button", { name: "변경 신청하기" })).toHaveAccessibleDescription(/통과하면/);
  });

  test("by a proxy's own answer is not blamed on the connection", async ({ page }) => {
    await openVisit(page, () => ({ status: 502, body: "<h1>Bad Gateway</h1>" }));
    const first = page.locator(".checks li").first();
    await expect(first).toContainText("지금은 서비스를 이용할 수 없어요");
    await expect(first.getByRole("button")).toBeVisible();
  });

  test("for want of a connection says so", async ({ page }) => {
    await openVisit(page, () => ({ status: 200, body: { result: "PASS", message: "" } }));
    await page.unroute("**/rpc/product/check_one");
    await page.route("**/rpc/product/check_one", (route) => route.abort("connectionfailed"));
    await page.reload();
    await expect(page.locator(".checks li").first()).toContainText("인터넷 연결을 확인한 뒤");
  });
});
