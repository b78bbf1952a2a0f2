import { existsSync, readFileSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";
import { systemChromium } from "./local/test/browser.mjs";

// `npm test` starts an instance and names it; by hand the tests run against the one that `npm start` started.
const runJson = process.env.E2E_RUN_JSON ?? ".moim/run.json";
if (!existsSync(runJson)) throw new Error(`${runJson} is missing: run \`npm test -- e2e\`, or \`npm start\` first.`);
process.env.E2E_RUN_JSON = runJson;
const run = JSON.parse(readFileSync(runJson, "utf8")) as { app: { url: string } };

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  timeout: 60_000,
  // Something that hangs everywhere must not hold a whole test run for an hour.
  globalTimeout: 12 * 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  // Every worker has an organization of its own, so tests neither meet nor depend on an order.
  fullyParallel: true,
  workers: 2,
  retries: 1,
  reporter: "list",
  projects: [
    { name: "road", testIgnore: "crash.spec.ts", teardown: "crash" },
    // Kills what the others stand on: a teardown runs after them all, whether they passed or not.
    { name: "crash", testMatch: "crash.spec.ts", fullyParallel: false },
  ],
  use: {
    ...devices["Desktop Chrome"],
    baseURL: run.app.url,
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    trace: "retain-on-failure",
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    launchOptions: {
      executablePath: systemChromium(),
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
});
