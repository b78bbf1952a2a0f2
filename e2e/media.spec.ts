import { randomBytes } from "node:crypto";
import sharp from "sharp";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/axe";
import { invite, join, type Person } from "./support/people";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

/** Large enough to be on its way for a while, and unlike any other. */
const photo = (side: number) => sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } }).png({ compressionLevel: 0 }).toBuffer();

const shownPicture = (page: Page) => page.locator("main figure picture img");
const isShown = (page: Page) => expect.poll(() => shownPicture(page).evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);

test("a picture goes straight to the storage with its progress, a false one is refused by name, and a removed member's link dies", async ({ team, browser, pageOf, apiOf, request, watch }) => {
  const guest: Person = { name: "Noor Haddad", email: uniqueEmail("noor"), locale: "en-GB", timeZone: "Europe/Paris", state: { cookies: [], origins: [] } };
  const ada = await pageOf(team.ada);
  await invite(ada, team.slug, [guest.email]);
  await join(browser, guest);

  await ada.goto(`/${team.slug}`);
  const news = await ada.locator(`a[href^="/${team.slug}/w/"]`).first().getAttribute("href");
  await ada.goto(`${news}/new`);
  await ada.getByRole("button", { name: "Start writing" }).click();
  await ada.waitForURL(/\/edit$/);
  const title = unique("From the hill");
  await ada.getByRole("textbox", { name: "Title" }).fill(title);
  await ada.locator(".writing-article").waitFor();

  await test.step("uploads show how far they are, can be cancelled, and say why one is refused", async () => {
    const line = await ada.context().newCDPSession(ada);
    await line.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 1_500_000 });
    await ada.locator("input[data-editor-files]").setInputFiles([
      { name: "hill.png", mimeType: "image/png", buffer: await photo(800) },
      { name: "dropped.png", mimeType: "image/png", buffer: await photo(800) },
      { name: "page.png", mimeType: "image/png", buffer: Buffer.from("<!doctype html><script>alert(1)</script>") },
    ]);
    const hill = ada.getByRole("progressbar", { name: /hill\.png/ });
    await expect.poll(() => hill.evaluate((bar: HTMLProgressElement) => bar.value > 0.05 && bar.value < 1)).toBe(true);
    await ada.getByRole("button", { name: /cancel.*dropped\.png|dropped\.png.*cancel/i }).click();
    await expect(ada.getByText("This is not a picture of a kind that can be shown")).toBeVisible();
    await line.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    for (const name of ["dropped.png", "page.png"]) await ada.getByRole("button", { name: new RegExp(`remove.*${name.replace(".", "\\.")}`, "i") }).click();
    await expect(ada.locator(".writing-article figure img, .writing-article [data-node-view-wrapper] picture img")).toHaveCount(1);
    await expect(ada.locator("[data-save-status]")).toHaveAttribute("data-save-status", "saved");
  });

  await ada.locator("#publish").getByRole("button", { name: "Publish", exact: true }).click();
  await ada.waitForURL(/published=1/);
  const article = new URL(ada.url()).pathname;
  await isShown(ada);
  await expectAccessible(ada);

  const reader = await pageOf(guest);
  await reader.goto(article);
  await isShown(reader);
  const link = await shownPicture(reader).getAttribute("src");
  expect(link).toMatch(/^\/api\/media\/med_\w+\/medium\?/);
  const asGuest = await apiOf(guest);
  const fetched = await asGuest.get(link ?? "");
  expect([fetched.status(), fetched.headers()["content-type"]]).toEqual([200, "image/webp"]);
  expect((await request.get(link ?? "")).status()).toBe(401);

  await ada.goto(`/${team.slug}/settings/members`);
  await ada.locator("summary", { hasText: `Remove ${guest.name}` }).click();
  await ada.locator("form").getByRole("button", { name: `Remove ${guest.name}` }).click();
  await expect(ada.locator("main").getByText(guest.name, { exact: true })).toHaveCount(0);
  expect((await asGuest.get(link ?? "")).status()).toBe(404);

  // Whoever records the trace of a test asks once more for what a page showed of its own, such as a picture on its way.
  watch.forgive(/blob/);
  await ada.goto(`/${team.slug}/settings/organization`);
  await expect(ada.locator("#storage")).toContainText(/of 5 GB used/);
});
