import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { confirm } from "./support/people";
import { run, runFile } from "./support/run";
import { expect, test } from "./support/test";

const pid = z.int().positive();
const runShape = z.object({
  app: z.object({ url: z.url(), pid }),
  postgres: z.object({ url: z.url(), pid }),
  inngest: z.object({ url: z.url(), pid }),
  pusher: z.object({ host: z.string(), port: pid, appId: z.string(), key: z.string(), secret: z.string() }),
  mail: z.object({ url: z.url(), apiKey: z.string() }),
  atlassian: z.object({ url: z.url(), pid }),
  storage: z.object({ url: z.url(), bucket: z.string(), pid }),
  demo: z.object({ email: z.email(), signInUrl: z.url(), apiToken: z.string().startsWith("moim_") }),
});

test("a start says what runs where, to its own user alone", async () => {
  runShape.parse(JSON.parse(readFileSync(runFile, "utf8")));
  expect((statSync(runFile).mode & 0o777).toString(8)).toBe("600");
});

test("every part is ready", async ({ request }) => {
  const health = await request.get("/api/health");
  expect(health.status(), await health.text()).toBe(200);
  for (const page of [run.inngest.url, run.mail.url, run.atlassian.url]) expect((await request.get(page)).status(), page).toBe(200);
  expect((await health.json()) as unknown).toMatchObject({ engines: { storage: { ok: true } } });
  // Nothing of it is for whoever has no signature.
  expect((await request.get(run.storage.url)).status()).toBe(403);
});

// The link of this start is there once, so one test tells its whole life.
test.describe("the owner's link", () => {
  test.describe.configure({ retries: 0 });

  test("signs in by one click, once, and says so the second time", async ({ page, browser, watch }) => {
    const altered = run.demo.signInUrl.replace(/token=./, (found) => (found.endsWith("0") ? "token=1" : "token=0"));
    await page.goto(altered);
    await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Send me a link" })).toBeVisible();

    await confirm(page, run.demo.signInUrl);
    await expect(page).toHaveURL(/\/maru$/);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Ada Sinclair");

    const elsewhere = await browser.newContext({ baseURL: run.app.url, locale: "en-GB" });
    await watch.over(elsewhere);
    const second = await elsewhere.newPage();
    await second.goto(run.demo.signInUrl);
    await expect(second.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
    await expect(second.getByLabel("E-mail address")).toHaveValue(run.demo.email);
    await second.goto("/maru");
    await expect(second).toHaveURL(/\/sign-in/);
    await elsewhere.close();
  });
});
