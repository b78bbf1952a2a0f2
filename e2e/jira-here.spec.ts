import { createIssueOnPage, freshProject, jira } from "./support/atlassian";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { run } from "./support/run";
import { expect, test } from "./support/test";

test.describe("the Jira of this machine", () => {
  test.use({ viewport: { width: 360, height: 780 } });

  test("can be used by anybody: issues, webhooks, deliveries and what goes wrong", async ({ page }) => {
    const look = async () => {
      await expectAccessible(page);
      await expectNoOverflow(page);
    };
    const project = await freshProject();
    const summary = `회의 링크가 열리지 않음 ${project}`;
    const key = await createIssueOnPage(page, { project, summary });
    await page.getByLabel("You are").selectOption({ label: "Hugo Bernard" });
    await page.getByLabel("Comment as Hugo Bernard").fill("Je regarde.");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await expect(page.getByText("Je regarde.")).toBeVisible();
    await look();

    // What others do shows without a reload, and takes nothing from a form that somebody fills in.
    await page.getByLabel("Summary").fill("Half written");
    await jira.transition(key, "In Progress", "camille");
    await expect(page.locator("[data-status]")).toHaveText("In Progress");
    await expect(page.getByLabel("Summary")).toHaveValue("Half written");
    for (const path of ["/", "/sites/maru/webhooks", "/deliveries", "/controls"]) {
      await page.goto(run.atlassian.url + path);
      await look();
    }
  });
});
