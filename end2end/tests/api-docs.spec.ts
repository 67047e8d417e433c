import { expect, expectNoSidewaysScroll, test } from "./support/product";

test("the API is shown by Swagger UI, from our own files alone", async ({ page, baseURL }) => {
  const foreign: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${baseURL}/`) && !url.startsWith("data:")) foreign.push(url);
  });
  const answer = await page.goto("/api/docs");
  expect(answer?.status()).toBe(200);
  const login = page.locator(".opblock").filter({ hasText: "/api/v1/auth/login" });
  await expect(login).toBeVisible();
  await login.locator(".opblock-summary-control").click();
  await expect(login.getByText("Request body")).toBeVisible();
  await expectNoSidewaysScroll(page);
  expect(foreign).toEqual([]);
});
