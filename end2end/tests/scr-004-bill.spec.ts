import { expect, expectAccessible, expectNoSidewaysScroll, signIn, test } from "./support/product";

/** `72,500원` to 72500. */
const won = (text: string | null) => Number((text ?? "").replace(/[^0-9-]/g, ""));

test.beforeEach(async ({ page }) => {
  await signIn(page, "demo01", "/bill/menu");
});

test("the menu preselects the current month and leads to the bill", async ({ page }) => {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("요금 조회");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.getByRole("main").getByRole("button", { name: "요금 조회" }).click();
  await expect(page).toHaveURL(/\/bill\/result\?.*month=\d{4}-\d{2}/);
  for (const item of ["요금 상세", "사용량", "약정 · 할부 · 납부", "6개월 추이"]) {
    await expect(page.getByRole("heading", { name: item })).toBeVisible();
  }
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test("the parts of a bill add up to its total", async ({ page }) => {
  const answer = await page.request.get("/api/v1/bill/menu");
  const { lineId, months } = await answer.json();
  for (const month of months) {
    await page.goto(`/bill/result?line=${lineId}&month=${month}`);
    const bill = await (
      await page.request.post("/api/v1/bill/inquiry", {
        data: { lineId, month },
        headers: { "sec-fetch-site": "same-origin" },
      })
    ).json();
    const sum = (parts: { amount: number }[]) => parts.reduce((total, part) => total + part.amount, 0);
    expect(sum(bill.charges) - sum(bill.discounts)).toBe(bill.total);
    expect(won(await page.locator(".total").first().textContent())).toBe(bill.total);
  }
});

test("the cards open and close together", async ({ page }) => {
  await page.getByRole("main").getByRole("button", { name: "요금 조회" }).click();
  const cards = page.locator("details.card, .card-group details");
  await page.getByRole("button", { name: "모두 접기" }).click();
  await expect(cards.locator("xpath=self::*[@open]")).toHaveCount(0);
  await page.getByRole("button", { name: "모두 펼치기" }).click();
  const all = await cards.count();
  expect(all).toBeGreaterThanOrEqual(3);
  await expect(cards.locator("xpath=self::*[@open]")).toHaveCount(all);
});

test("an inquiry stands in the history", async ({ page }) => {
  await page.getByRole("main").getByRole("button", { name: "요금 조회" }).click();
  await expect(page).toHaveURL(/\/bill\/result/);
  await expect(async () => {
    await page.goto("/bill/history");
    await expect(page.getByText("조회 완료").first()).toBeVisible({ timeout: 500 });
  }).toPass();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test.describe("what cannot be asked for", () => {
  test.use({ tolerated: [/40[04]/] });
  for (const [query, sentence] of [
    ["month=2099-01", "미래 월의 요금 정보는 조회할 수 없습니다."],
    ["month=2001-01", "최근 6개월 요금만 조회할 수 있어요."],
    ["line=not-mine", "해당 회선을 찾을 수 없어요."],
  ] as const) {
    test(`${query} is refused in words`, async ({ page }) => {
      const answer = await page.goto(`/bill/result?${query}`);
      expect(answer?.status()).toBeGreaterThanOrEqual(400);
      expect(answer?.status()).toBeLessThan(500);
      await expect(page.getByText(sentence)).toBeVisible();
      await expectAccessible(page);
    });
  }
});
