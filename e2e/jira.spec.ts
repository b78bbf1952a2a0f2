import type { APIRequestContext, Page } from "@playwright/test";
import { allowConsent, breakGrant, createIssueOnPage, denyConsent, jira, jiraAccount, pasteWebhook } from "./support/atlassian";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { foundTeam } from "./support/people";
import { startReceiver } from "./support/receiver";
import { run } from "./support/run";
import { expect, test } from "./support/test";
import { unique } from "./support/unique";

const narrow = { width: 360, height: 780 };
const wide = { width: 1280, height: 800 };

/** Nothing sticks out on a phone, and nobody is kept out. */
async function look(page: Page): Promise<void> {
  await page.setViewportSize(narrow);
  await expectNoOverflow(page);
  await expectAccessible(page);
  await page.setViewportSize(wide);
}

const post = async <T>(api: APIRequestContext, path: string, data: object): Promise<T> => {
  const response = await api.post(path, { data });
  expect(response.ok(), `${path} answered ${response.status()}: ${await response.text()}`).toBe(true);
  return (await response.json()) as T;
};

/** How often the inbox names each of these issues, in its rows and what is folded into them. */
const rowsNaming = async (api: APIRequestContext, words: string): Promise<number> => {
  const { notifications } = (await (await api.get("/api/notifications?limit=100")).json()) as { notifications: object[] };
  return notifications.filter((row) => JSON.stringify(row).includes(words)).length;
};

const ended: (() => Promise<unknown>)[] = [];
test.afterEach(() => Promise.all(ended.splice(0).map((end) => end())));

test("Jira reaches people and programs: connected, verified, broken, mended, and nothing twice", async ({ browser, pageOf, apiOf }) => {
  test.setTimeout(120_000);
  // An organization of its own: it begins with nothing connected, and ends so.
  const team = await foundTeam(browser, unique("Doors"));
  const receiver = await startReceiver();
  ended.push(receiver.stop);
  const site = unique("site").replace(" ", "-");
  const admin = unique("Jira admin");
  const settings = `/${team.slug}/settings/integrations`;
  await jira.account({ key: `${site}-boss`, name: admin, email: `${site}-boss@e2e.example` });
  await jira.site({ slug: site, name: site, admins: [`${site}-boss`] });
  const adas = await jiraAccount(team.ada, [site], [site]);
  await jiraAccount(team.camille, [site]);
  const project = (await jira.project({ site, key: "DOOR" })).key;

  const [page, atCamilles, api, camilles] = [await pageOf(team.ada), await pageOf(team.camille), await apiOf(team.ada), await apiOf(team.camille)];
  const atJira = await page.context().newPage();

  await test.step("no is an answer", async () => {
    await page.goto(settings);
    await expect(page.getByText("Nothing is connected yet")).toBeVisible();
    await look(page);
    await page.getByRole("link", { name: "Connect Jira" }).click();
    await denyConsent(page, team.ada.email);
    await expect(page.getByText("Access was declined at Atlassian")).toBeVisible();
  });

  await test.step("sites are chosen", async () => {
    await page.getByRole("link", { name: "Connect Jira" }).click();
    await allowConsent(page, team.ada.email, [site]);
    await expect(page.getByRole("checkbox", { name: site })).toBeChecked();
    await look(page);
    await page.getByRole("button", { name: "Connect" }).click();
    await expect(page.getByTestId("set-up-state")).toContainText("Waiting for the first verified webhook");
    await look(page);
  });
  const connectionId = page.url().split("/").at(-1) ?? "";

  await test.step("two members and a program want to hear of it", async () => {
    await atCamilles.goto(`/oauth/jira/start?organization=${team.slug}&purpose=link`);
    await allowConsent(atCamilles, team.camille.email, [site]);
    const wish = { name: "Doors", connectionId, filter: { projects: [project] } };
    await post(api, "/api/subscriptions", { ...wish, target: "me" });
    await post(camilles, "/api/subscriptions", { ...wish, target: "me" });
    const endpoint = await post<{ id: string }>(api, "/api/endpoints", { name: "Doorkeeper", url: receiver.url });
    const { secret } = (await (await api.get(`/api/endpoints/${endpoint.id}/secret`)).json()) as { secret: string };
    receiver.believe(secret);
    await post(api, "/api/subscriptions", { ...wish, target: "endpoint", endpointId: endpoint.id });
  });

  await test.step("the webhook is pasted, an issue made, and the page turns green by itself", async () => {
    const url = await page.getByTestId("webhook-url").innerText();
    const secret = await page.getByTestId("webhook-secret").innerText();
    await atJira.goto(`${run.atlassian.url}/sites/${site}`);
    await Promise.all([atJira.waitForEvent("load"), atJira.getByLabel("You are").selectOption({ label: admin })]);
    await pasteWebhook(atJira, { site, url, secret, events: ["jira:issue_created", "jira:issue_updated"] });
    await createIssueOnPage(atJira, { site, project, summary: "The door squeaks" });
    await expect(page.getByTestId("set-up-state")).toContainText("It works");
    await expect(page.getByText("Works", { exact: true }).first()).toBeVisible();
  });

  await test.step("it arrives where it was wished for, once", async () => {
    await expect.poll(() => receiver.got.length).toBe(1);
    expect(receiver.got[0]).toMatchObject({ genuine: true, body: { type: "jira.issue.created", sequence: 1 } });
    await expect.poll(() => rowsNaming(api, "The door squeaks")).toBe(1);
    await expect.poll(() => rowsNaming(camilles, "The door squeaks")).toBe(1);
    await atCamilles.goto(`/${team.slug}/inbox`);
    await expect(atCamilles.getByText(/The door squeaks/).first()).toBeVisible();
  });

  await test.step("the log says what became of it", async () => {
    await page.getByRole("link", { name: "Event log" }).click();
    await expect(page.getByRole("link", { name: /The door squeaks/ })).toHaveCount(1);
    await look(page);
    await page.getByRole("link", { name: /The door squeaks/ }).click();
    await expect(page.locator("#told").getByRole("listitem")).toHaveCount(2);
    await expect(page.locator("#deliveries").getByText("Delivered", { exact: true })).toBeVisible();
    await expect(page.locator("#headers")).not.toContainText("x-hub-signature");
    await look(page);
  });

  await test.step("the grant breaks, three issues change unheard, and a new consent brings each of them once", async () => {
    const issues = await Promise.all(["Hinge", "Handle", "Hatch"].map((summary) => jira.createIssue({ site, project, as: `${site}-boss`, fields: { summary } })));
    await expect.poll(() => receiver.got.length).toBe(4);
    await breakGrant(adas);
    const [hook] = (await jira.hooks()).filter((one) => String(one.url).includes(connectionId));
    await jira.removeHook(String(hook?.id));
    for (const { key } of issues) await jira.editIssue(key, { summary: `${key} was mended` }, `${site}-boss`, site);
    // Whatever asks Jira next finds out, unless the token is so new that the refusal cannot be meant for it.
    await expect(async () => {
      await page.goto(`${settings}/${connectionId}/projects`);
      await page.goto(`${settings}/${connectionId}`);
      await expect(page.getByText("The connection to Jira has ended")).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await look(page);
    await page.getByRole("link", { name: "Reconnect", exact: true }).click();
    await allowConsent(page, team.ada.email, [site]);
    await expect(page.getByText("The connection to Jira has ended")).toBeHidden();
    await expect.poll(() => receiver.got.length, { timeout: 30_000 }).toBe(7);
    expect(receiver.got.every(({ genuine }) => genuine)).toBe(true);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(7);
    for (const { key } of issues) {
      expect(receiver.got.filter(({ body }) => JSON.stringify(body).includes(`${key} was mended`)).length, key).toBe(1);
    }
  });

  await test.step("it is disconnected, and nothing stays behind", async () => {
    await page.getByText("Disconnect…").click();
    await page.getByRole("button", { name: `Disconnect ${site}` }).click();
    await expect(page.getByText("Disconnected. Its webhooks and tokens")).toBeVisible();
    await expect(page.getByText("Nothing is connected yet")).toBeVisible();
  });
});
