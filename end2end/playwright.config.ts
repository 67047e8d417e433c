import { defineConfig } from "@playwright/test";

// `cargo xtask e2e` starts the server and sets these.
const baseURL = process.env.PHONEBILL_URL;
const executablePath = process.env.CHROMIUM;
const mode = process.env.PHONEBILL_MODE;
if (!baseURL || !executablePath || !mode) {
  throw new Error("run `cargo xtask e2e`, which sets PHONEBILL_URL, PHONEBILL_MODE and CHROMIUM");
}

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 900 };
const withoutJavaScript = /\.nojs\.spec\.ts$/;

export default defineConfig({
  testDir: "tests",
  // A run empties its folder first: one of each mode, so that the traces of both stay.
  outputDir: `test-results/${mode}`,
  // A flaky test is a failing test.
  retries: 0,
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // Long enough for a busy machine whose disk stalls, but shorter than the skeleton gives up by itself.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath,
      // Chromium's background requests (updates, sync) only time out on a closed network.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "phone", testIgnore: withoutJavaScript, use: { viewport: phone, hasTouch: true } },
    { name: "desktop", testIgnore: withoutJavaScript, use: { viewport: desktop } },
    {
      name: "nojs",
      testMatch: withoutJavaScript,
      use: { viewport: phone, javaScriptEnabled: false },
    },
  ],
});
