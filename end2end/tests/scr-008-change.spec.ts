import {
  expect,
  expectAccessible,
  expectNarrowFit,
  expectNoSidewaysScroll,
  openChangeMenu,
  signIn,
  test,
} from "./support/product";

test("a plan is chosen, checked, changed once and stands in the history", async ({ page }, { project }) => {
  // axe analyses five screens: nearly half a minute on a slow machine.
  test.slow();
  await signIn(page, "demo01");

  await openChangeMenu(page, project.name);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.getByRole("link", { name: "상품 변경하기" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("상품 선택");
  await expectAccessible(page);
  const plan = page.locator(".plan-cards input[type=radio]").first();
  await plan.check({ force: true });
  // The island names the chosen plan in the action bar.
  const submit = page.getByRole("button", { name: /(으?로|\(으\)로) 변경$/ });
  await expect(submit).toBeVisible();
  await expectNoSidewaysScroll(page);
  await submit.click();

  await expect(page).toHaveURL(/\/product\/request/);
  await expect(page.getByText("상품 사전 체크에 성공하였다")).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectNarrowFit(page);
  await page.getByRole("button", { name: "변경 신청하기" }).click();

  await expect(page).toHaveURL(/\/product\/result\?request=/);
  await expect(page.getByRole("heading", { level: 2, name: "상품 변경이 완료되었습니다" })).toBeFocused();
  await expect(page).toHaveTitle(/^상품 변경이 완료되었습니다 · /);
  await expect(page.getByText(/CHG-/).first()).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectNarrowFit(page);

  const number = (await page.getByText(/CHG-/).first().textContent())?.match(/CHG-[0-9A-Z-]+/)?.[0];
  await page.reload();
  await expect(page.getByText("상품 변경이 완료되었습니다").first()).toBeVisible();

  await page.goto("/product/history");
  await expect(page.locator(`a[href*="${number}"]`).first()).toBeVisible();
  await expect(page.locator(`a[href*="${number}"]`)).toHaveCount(1);
  await expectAccessible(page);
});

test("a suspended line fails the pre-check and says why", async ({ page }) => {
  await signIn(page, "susp01");
  const menu = await (await page.request.get("/api/v1/product/change")).json();
  const { lineId } = menu.line;
  const query = `line=${lineId}&from=${menu.currentProduct.code}&to=${menu.products[0].code}`;
  await page.goto(`/product/request?${query}`);
  await expect(page.getByText("상품 사전 체크에 실패하였다")).toBeVisible();
  await expect(page.getByText("변경 요청 회선은 사용 중인 상태가 아닙니다").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "변경 신청하기" })).not.toBeEnabled();
  await expectAccessible(page);
});

test("filters and sorting are addresses", async ({ page }) => {
  // A line that no test changes, so that its list stays the same.
  await signIn(page, "susp01", "/product/change");
  const press = (name: string) =>
    page.locator(".plan-filters").getByRole("button", { name, exact: true }).click();
  const fees = async () =>
    (await page.locator(".plan-cards .plan-fee .money").allTextContents()).map((fee) =>
      Number(fee.replace(/[^0-9]/g, "")),
    );
  await expect(page.locator(".plan-cards li").first()).toBeVisible();
  const all = await fees();
  expect(all).toEqual([...all].sort((one, other) => one - other));

  await press("5G");
  await expect(page).toHaveURL(/network=5G/);
  await expect.poll(async () => (await fees()).length).toBeLessThan(all.length);
  const some = await fees();
  const dearestFirst = [...some].sort((one, other) => other - one);
  expect(dearestFirst).not.toEqual(some);

  await press("높은 요금순");
  await expect(page).toHaveURL(/network=5G.*sort=dearest/);
  await expect.poll(fees).toEqual(dearestFirst);
  await page.goto(page.url());
  await expect.poll(fees).toEqual(dearestFirst);
});
