import { expect, test } from "@playwright/test";

test("a first visit loads without an error and stays within its budget", async ({
  page,
}) => {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));

  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  let received = 0;
  devtools.on("Network.loadingFinished", (event) => {
    received += event.encodedDataLength;
  });

  const answer = await page.goto("/login", { waitUntil: "networkidle" });
  expect(answer?.status()).toBe(200);
  expect(problems).toEqual([]);
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThanOrEqual(150_000);
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
