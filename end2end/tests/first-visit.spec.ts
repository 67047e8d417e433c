import { expect, signIn, test } from "./support/product";

// The fixture of `page` fails the test on any console error.
test("a first visit loads without an error and stays within its budget", async ({ page }) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  let received = 0;
  devtools.on("Network.loadingFinished", (event) => {
    received += event.encodedDataLength;
  });

  const answer = await page.goto("/login", { waitUntil: "networkidle" });
  expect(answer?.status()).toBe(200);
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThanOrEqual(150_000);
});

test("a browser that is never idle still wakes the page", async ({ page }) => {
  await page.addInitScript(() => {
    // As the specification allows: without a deadline, an idle moment may never come.
    self.requestIdleCallback = (run, options) =>
      options?.timeout ? self.setTimeout(run, options.timeout) : 0;
  });
  await signIn(page, "demo01", "/product/change");
  const name = await page.locator("input[name=to]").first().getAttribute("data-name");
  await page.locator(".plan-card label").first().click();
  await expect(page.locator(".picked")).toContainText(name ?? "no name");
});

test("what a browser has stored stays stored when it asks whether it is still right", async ({
  request,
}) => {
  const first = (await request.get("/favicon.svg")).headers();
  const again = await request.get("/favicon.svg", {
    headers: { "if-none-match": first["etag"] ?? "none" },
  });
  expect(again.status()).toBe(304);
  for (const name of ["etag", "cache-control", "vary"]) {
    expect(first[name]).toBeTruthy();
    expect(again.headers()[name]).toBe(first[name]);
  }
});
