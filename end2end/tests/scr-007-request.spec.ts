import { expect, signIn, test } from "./support/product";

test("on a phone the bar is always in sight, and last", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, "susp01");
  const menu = await (await page.request.get("/api/v1/product/change")).json();
  const query = `line=${menu.line.lineId}&from=${menu.currentProduct.code}&to=${menu.products[0].code}`;
  await page.goto(`/product/request?${query}`);
  const bar = page.locator(".live-checks .action-bar");
  const confirm = bar.getByRole("button", { name: "변경 신청하기" });
  await expect(page.getByText("상품 사전 체크에 실패하였다")).toBeAttached();
  await expect(confirm).toBeInViewport({ ratio: 1 });

  // Why it cannot be sent yet is brought into sight.
  const reason = page.locator("#not-yet");
  await expect(reason).not.toBeInViewport();
  await confirm.click({ force: true });
  await expect(reason).toBeInViewport({ ratio: 1 });

  // What is lost stands above the checks, and the checks above the bar.
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const tops: number[] = [];
  for (const part of [".difference", ".notices", ".checks", "#not-yet", ".live-checks .action-bar"]) {
    tops.push((await page.locator(part).boundingBox())?.y ?? 0);
  }
  expect(tops).toEqual([...tops].sort((one, other) => one - other));
});
