import type { Page } from "@playwright/test";
import { allowConsent, jira, jiraAccount } from "./support/atlassian";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { expect, test } from "./support/test";
import { unique } from "./support/unique";

/** Nothing sticks out on a phone, and nobody is kept out. */
async function look(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 780 });
  await expectNoOverflow(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 800 });
}

test("an issue is found, read, commented, moved on and talked about, each as oneself", async ({ team, pageOf, apiOf }) => {
  test.setTimeout(120_000);
  const site = unique("site").replace(" ", "-");
  await jira.account({ key: `${site}-boss`, name: unique("Jira admin"), email: `${site}-boss@e2e.example` });
  await jira.site({ slug: site, name: site, admins: [`${site}-boss`] });
  const adas = await jiraAccount(team.ada, [site], [site]);
  await jiraAccount(team.camille, [site]);
  const { key: project } = await jira.project({ site, key: unique("K").toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 12) });
  const { key } = await jira.createIssue({ site, project, as: adas, fields: { summary: "The hinge squeaks", description: "Since Friday." } });
  const [page, atCamilles, api] = [await pageOf(team.ada), await pageOf(team.camille), await apiOf(team.ada)];

  await test.step("somebody connects the site, which links their own account, too", async () => {
    await page.goto(`/${team.slug}/settings/integrations`);
    await page.getByRole("link", { name: "Connect Jira" }).first().click();
    await allowConsent(page, team.ada.email, [site]);
    await page.getByRole("button", { name: "Connect" }).click();
    await expect(page.getByTestId("set-up-state")).toBeVisible();
  });

  await test.step("a colleague links theirs and finds the issue", async () => {
    await atCamilles.goto(`/${team.slug}/issues`);
    await expect(atCamilles.getByRole("heading", { name: "Liez votre compte Atlassian" })).toBeVisible();
    await look(atCamilles);
    await atCamilles.getByRole("link", { name: "Lier mon compte" }).click();
    await allowConsent(atCamilles, team.camille.email, [site]);
    await atCamilles.getByRole("searchbox", { name: "Rechercher" }).fill("hinge squ");
    await atCamilles.getByRole("button", { name: "Rechercher" }).click();
    await expect(atCamilles.getByRole("link", { name: new RegExp(key) })).toBeVisible();
    await look(atCamilles);
  });

  await test.step("she comments and moves it on, and it is she who did", async () => {
    await atCamilles.getByRole("link", { name: new RegExp(key) }).click();
    await expect(atCamilles.getByText("Since Friday.")).toBeVisible();
    await atCamilles.getByRole("textbox", { name: "Commentaire" }).fill(`Je regarde ${key}, voir https://a.example`);
    await atCamilles.getByRole("button", { name: "Commenter" }).click();
    await expect(atCamilles.locator("#comments li").getByText("Je regarde")).toBeVisible();
    await expect(atCamilles.getByRole("textbox", { name: "Commentaire" })).toHaveValue("");
    await atCamilles.getByRole("button", { name: /In Progress/ }).click();
    await expect(atCamilles.locator("#move").getByText("In Progress", { exact: true })).toBeVisible();
    await look(atCamilles);
    const { comments } = await jira.as<{ comments: { author: { displayName: string } }[] }>(adas, site, "GET", `issue/${key}/comment`);
    expect(comments.map(({ author }) => author.displayName)).toEqual([team.camille.name]);
  });

  await test.step("a meeting is about it, and shows how it stands", async () => {
    await page.goto(`/${team.slug}/issues?text=${key}`);
    await page.getByRole("link", { name: new RegExp(key) }).click();
    await page.getByRole("link", { name: "Book a meeting about this" }).click();
    await expect(page.getByLabel("Title", { exact: true })).toHaveValue(`${key} The hinge squeaks`);
    await page.getByLabel("Date", { exact: true }).fill("2031-03-04");
    await page.getByRole("button", { name: /^Book the meeting$/ }).click();
    await expect(page.locator("#issues").getByRole("link", { name: new RegExp(key) })).toContainText("In Progress");
    await look(page);
    await page.locator("#issues").getByRole("button", { name: `Remove ${key}` }).click();
    await expect(page.locator("#issues").getByRole("listitem")).toHaveCount(0);
    await page.locator("#issues").getByRole("combobox", { name: "Issue" }).fill(key.toLowerCase());
    await page.locator("#issues").getByRole("button", { name: "Add" }).click();
    await expect(page.locator("#issues").getByRole("listitem")).toContainText("The hinge squeaks");
    // Moved on by a colleague, it shows here without a reload.
    await atCamilles.getByRole("button", { name: /Done/ }).click();
    await expect(page.locator("#issues").getByRole("listitem")).toContainText("Done");
  });

  await test.step("what Jira refuses, it refuses in its own words", async () => {
    const response = await api.post(`/api/issues/${key}/transitions`, { data: { transitionId: "11" } });
    expect(response.status()).toBe(422);
    expect(await response.json()).toMatchObject({ code: "JIRA_REFUSED", errors: [{ detail: expect.stringContaining("not valid") }] });
    const made = await api.post("/api/issues", { data: { project, typeId: "10002", summary: "Made by the API" }, headers: { "Idempotency-Key": unique("key") } });
    expect(made.status(), await made.text()).toBe(201);
  });
});
