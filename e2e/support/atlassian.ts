import { expect, type Page } from "@playwright/test";
import { controlOf } from "../../local/atlassian/control/client";
import { run } from "./run";
import { unique } from "./unique";

/** The Jira of the instance under test: its controls and what a person does on its pages. */
export const jira = controlOf(run.atlassian.url);

/** A project of its own for a test, so that what others change is never mistaken for its own. */
export async function freshProject(site = "maru", viewers: string[] | null = null): Promise<string> {
  return (await jira.project({ site, key: unique("P").toUpperCase().replace(/[^A-Z0-9]/g, ""), viewers })).key;
}

/** The Atlassian account with the e-mail address of somebody in the application, on these sites: one address is one account. */
export async function jiraAccount(person: { name: string; email: string; timeZone?: string }, sites: string[], adminOf: string[] = []): Promise<string> {
  const key = person.email.toLowerCase().replace(/[^a-z0-9-]/g, "-");
  await jira.account({ key, name: person.name, email: person.email, ...(person.timeZone && { timeZone: person.timeZone }), sites, adminOf });
  return key;
}

/** On the page "Who are you?" to which "Connect Jira" leads. */
async function logIn(page: Page, email: string): Promise<void> {
  await expect(page.getByRole("heading", { name: "Who are you?" })).toBeVisible();
  await page.getByRole("link", { name: email }).click();
}

/** Allows the application on these sites (all of the account without them); the browser is then back in the application. */
export async function allowConsent(page: Page, email = "ada@maru.example", sites?: string[]): Promise<void> {
  await logIn(page, email);
  if (sites) {
    for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
    for (const site of sites) await page.getByRole("checkbox", { name: new RegExp(`/sites/${site}(\\s|$)`) }).check();
  }
  await page.getByRole("button", { name: "Accept" }).click();
  await page.waitForURL((url) => url.origin === run.app.url);
}

export async function denyConsent(page: Page, email = "ada@maru.example"): Promise<void> {
  await logIn(page, email);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.waitForURL((url) => url.origin === run.app.url);
}

/** What the steps in the application tell an administrator to do in Jira. */
export async function pasteWebhook(page: Page, { site = "maru", url, secret, events, jql }: { site?: string; url: string; secret: string; events?: string[]; jql?: string }): Promise<void> {
  await page.goto(`${run.atlassian.url}/sites/${site}/webhooks`);
  await page.getByLabel("Name").fill("Moim");
  await page.getByLabel("URL").fill(url);
  await page.getByLabel("Secret").fill(secret);
  if (jql) await page.getByLabel("JQL").fill(jql);
  if (events) await page.getByText("Everything else").click();
  for (const event of events ?? []) await page.locator(`input[name=events][value="${event}"]`).check();
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("link", { name: url })).toBeVisible();
}

/** As a person makes one on Jira's page; gives its key. */
export async function createIssueOnPage(page: Page, { site = "maru", project, summary }: { site?: string; project: string; summary: string }): Promise<string> {
  await page.goto(`${run.atlassian.url}/sites/${site}/projects/${project}`);
  await page.getByLabel("Summary").fill(summary);
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name: summary })).toBeVisible();
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

/** The person removes the application in their Atlassian account: every token of it is refused from now on. */
export const breakGrant = (account = "ada") => jira.revoke(account);
