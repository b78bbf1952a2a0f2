import type { Page } from "@playwright/test";
import { allowConsent, jira, jiraAccount } from "./support/atlassian";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { expect, test } from "./support/test";
import { unique } from "./support/unique";

/** On a phone, in the dark, for everybody. */
async function look(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 780 });
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await expectNoOverflow(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
}

test("a wish is tried before it is kept, paused and taken back", async ({ team, pageOf }) => {
  test.setTimeout(90_000);
  const site = unique("wishes").replace(" ", "-");
  await jira.account({ key: `${site}-boss`, name: unique("Boss"), email: `${site}-boss@e2e.example` });
  await jira.site({ slug: site, name: site, admins: [`${site}-boss`] });
  await jiraAccount(team.ada, [site], [site]);
  const { key } = await jira.project({ site, key: "WISH", name: "Wishes" });
  const page = await pageOf(team.ada);

  await test.step("a site with something in its log", async () => {
    await page.goto(`/oauth/jira/start?organization=${team.slug}&purpose=connect`);
    await allowConsent(page, team.ada.email, [site]);
    await page.getByRole("button", { name: "Connect" }).click();
    const url = await page.getByTestId("webhook-url").innerText();
    const secret = await page.getByTestId("webhook-secret").innerText();
    await jira.hook({ site, url, secret, as: `${site}-boss` });
    for (const summary of ["Brighter lamps", "Softer chairs"]) await jira.createIssue({ site, project: key, as: `${site}-boss`, fields: { summary } });
    await expect(page.getByTestId("set-up-state")).toContainText("It works");
  });

  await test.step("the page teaches what to do and says who one is in Jira", async () => {
    await page.goto(`/${team.slug}/settings/subscriptions`);
    await expect(page.getByText(`Linked as ${team.ada.name}`)).toBeVisible();
    await look(page);
    await page.getByRole("region", { name: "What you hear of" }).getByRole("link", { name: "New subscription" }).click();
  });

  const source = page.getByRole("navigation", { name: "Where it happens" }).getByRole("link", { name: site });
  await test.step("the form offers what the place has, and counts along", async () => {
    await source.click();
    await expect(source).toHaveAttribute("aria-current", "page");
    await page.getByLabel("Name").fill("New wishes");
    await page.getByRole("radio", { name: "New issues only" }).check();
    await page.getByRole("combobox", { name: "Project" }).click();
    await page.getByRole("option", { name: /WISH/ }).click();
    await expect(page.getByText("You would have been told of 2 events in 7 days")).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "Softer chairs" })).toBeVisible();
    await page.getByLabel("Text").fill("lamps");
    await expect(page.getByText("You would have been told of 1 event in 7 days")).toBeVisible();
    await page.keyboard.press("Escape");
    await look(page);
    await page.getByRole("button", { name: "Subscribe" }).click();
  });

  await test.step("it is kept, rests, and goes", async () => {
    await expect(page.getByText("Saved.")).toBeVisible();
    const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "New wishes" }) });
    await expect(row).toContainText(`${site} · Issue created · WISH · “lamps” · to you`);
    await row.getByRole("button", { name: "Pause New wishes" }).click();
    await expect(row.getByText("Paused", { exact: true })).toBeVisible();
    await look(page);
    await row.getByRole("link", { name: "New wishes" }).click();
    await expect(page.getByRole("button", { name: "Remove WISH" })).toBeVisible();
    await page.getByRole("link", { name: "All subscriptions" }).click();
    await row.locator("summary").click();
    await row.getByRole("button", { name: "Delete New wishes" }).click();
    await expect(row).toHaveCount(0);
  });
});
