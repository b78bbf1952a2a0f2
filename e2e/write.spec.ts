import type { Page } from "@playwright/test";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { expect, test } from "./support/test";
import { unique } from "./support/unique";

const text = (page: Page) => page.locator(".writing-article");
const saved = (page: Page, status = "saved") => expect(page.locator("[data-save-status]")).toHaveAttribute("data-save-status", status);

/** From the news of the team's workspace to an empty draft, as everybody gets there. */
async function startDraft(page: Page, slug: string): Promise<string> {
  await page.goto(`/${slug}`);
  const news = await page.locator(`a[href^="/${slug}/w/"]`).first().getAttribute("href");
  await page.goto(`${news}/new`);
  await page.getByRole("button", { name: "Start writing" }).click();
  await page.waitForURL(/\/edit$/);
  return page.url();
}

test("an article is written with the keyboard alone, with a mention, a list, a link and a picture; published, changed, and its history told", async ({ team, pageOf }) => {
  // One long way with many stops.
  test.slow();
  const page = await pageOf(team.ada);
  const title = unique("Autumn plans");
  await startDraft(page, team.slug);
  await text(page).waitFor();

  await page.getByRole("textbox", { name: "Title" }).focus();
  await page.keyboard.type(title);
  await page.keyboard.press("Enter");
  await page.keyboard.type("Hello @cam");
  await expect(page.getByRole("option", { name: "Camille Laurent" })).toBeVisible();
  await expect(text(page)).toHaveAttribute("role", "combobox");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(text(page).locator("[data-member-id]")).toHaveText("@Camille Laurent");
  await page.keyboard.type("and **all**");
  await page.keyboard.press("Enter");
  await page.keyboard.type("## What is next");
  await page.keyboard.press("Enter");
  await page.keyboard.type("- First");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Second");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("javascript:alert(1)");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toContainText("no address");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("moim.example/plan");
  await page.keyboard.press("Enter");
  await expect(text(page).locator("a")).toHaveAttribute("href", "https://moim.example/plan");
  await expect(text(page)).toBeFocused();

  // The toolbar is one stop: back from the text, along it by arrows, and what is chosen there happens in the text.
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("toolbar").locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: "Bold" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(text(page)).toBeFocused();
  await page.keyboard.type("Loud");
  await expect(text(page).locator("strong").last()).toHaveText("Loud");

  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Picture, video or file" }).click();
  await (await chooser).setFiles("e2e/moim.png");
  await expect(text(page).getByLabel("Caption")).toBeVisible();
  await page.keyboard.type("Behind the picture");
  await text(page).getByLabel("Description").fill("The overview");
  await text(page).getByLabel("Caption").fill("How it looks today");
  await expect(text(page).locator("figure figure, [data-node-view-wrapper] img")).not.toHaveCount(0);
  await saved(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNoOverflow(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByText("Behind the picture")).toBeVisible();
  await page.getByRole("link", { name: "Go on writing" }).click();
  await page.locator("#publish").getByRole("button", { name: "Publish", exact: true }).click();
  await page.waitForURL(/published=1/);
  const article = page.url().replace(/\?.*/, "");

  await page.goto(`${article}/edit`);
  await text(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("And one thing more.");
  await page.locator("#publish").getByRole("button", { name: "Update" }).click();
  await page.waitForURL(/published=2/);
  await page.goto(`${article}/history`);
  await expect(page.locator("#changes li").filter({ hasText: "Added:" })).toHaveText(/one thing more/);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Version 1" }).click();
  await page.getByRole("button", { name: "Put into my draft" }).click();
  await page.waitForURL(/restored=1/);
  await expect(text(page)).toContainText("Behind the picture");
  await expect(text(page)).not.toContainText("one thing more");
});

test("what is typed outlives the connection, the tab and another tab", async ({ team, browserOf, watch }) => {
  const context = await browserOf(team.ada);
  const first = await context.newPage();
  const address = await startDraft(first, team.slug);
  await text(first).click();
  await first.keyboard.type("Kept by the server.");
  await saved(first);
  await context.setOffline(true);
  await first.keyboard.type(" Kept by the browser.");
  await saved(first, "offline");
  // As a crash: nothing is asked, nothing is said goodbye to.
  await first.close({ runBeforeUnload: false });
  await context.setOffline(false);

  const second = await context.newPage();
  await second.goto(address);
  await expect(text(second)).toHaveText("Kept by the server. Kept by the browser.");
  await saved(second);

  const third = await context.newPage();
  await third.goto(address);
  await text(third).waitFor();
  await third.route("**/draft?*", (route) => route.abort());
  await text(third).click();
  await third.keyboard.press("Control+End");
  await third.keyboard.type(" From the third.");
  await saved(third, "offline");
  await second.bringToFront();
  await text(second).click();
  await second.keyboard.press("Control+End");
  await second.keyboard.type(" From the second.");
  await saved(second);
  await saved(third, "conflict");
  await third.unroute("**/draft?*");
  await third.bringToFront();
  await expectAccessible(third);
  await third.getByRole("button", { name: "Keep both" }).click();
  await saved(third);
  await expect(text(third)).toContainText("From the third.");
  await expect(text(third)).toContainText("From the second.");
  // The other tab has nothing of its own to lose, and follows.
  await expect(text(second)).toContainText("From the third.");
  watch.forgive(/net::ERR_|WebSocket|Failed to fetch/);
});
