import { expectAccessible, expectNoOverflow } from "./support/axe";
import { inboxAbout } from "./support/inbox";
import { linkIn, mailTo, mailsTo } from "./support/mailbox";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

interface Publication {
  id: string;
  state: string;
  url: string;
  inbox: { told: number; read: number };
  deliveries: Record<string, Record<string, number>>;
}
interface Problem {
  code: string;
  errors?: { field: string; code: string; detail: string }[];
}

const keyOf = (name: string) => unique(name).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
const template = (key: string, subject: string) => ({
  key,
  name: subject,
  variables: [{ name: "what", sample: "a cake" }],
  content: {
    en: { subject: `${subject}: {{what}}`, body: "Hello,\n\nthere is {{what}}.", button: { label: "Look", url: "https://x.example/?q={{what}}" } },
    fr: { subject: `${subject} : {{what}}`, body: "Bonjour,\n\nil y a {{what}}." },
  },
});

test("a template is registered, previewed, changed and archived by the API; what it cannot do is named with its place", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const key = keyOf("news");
  const made = await api.post("/api/templates", { data: template(key, "News") });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const preview = await (await api.post(`/api/templates/${key}/preview`, { data: { variables: { what: '<img src=x onerror=alert(1)>"', other: "x" } } })).json();
  expect(preview).toMatchObject({ languages: { en: { line: expect.stringContaining("News") } }, missing: [], unknown: ["other"] });
  expect(preview.languages.en.html).not.toContain("<img src=x");
  expect(preview.languages.fr.subject).toContain("News :");

  const faulty = await api.post("/api/templates", { data: { ...template(keyOf("bad"), "Bad"), content: { en: { subject: "{{unknown}}", body: "Hi\n{{#each people}}" } } } });
  expect(faulty.status()).toBe(422);
  expect(((await faulty.json()) as Problem).errors).toMatchObject([
    { field: "content.en.subject", code: "variable-undeclared" },
    { field: "content.en.body", code: "template-logic", detail: expect.stringContaining("Line 2, column 1") },
  ]);
  expect((await api.post("/api/templates", { data: { ...template(keyOf("big"), "Big"), content: { en: { subject: "s", body: "x".repeat(1_100_000) } } } })).status()).toBe(413);
  expect((await api.post("/api/templates", { data: template(key, "News") })).status()).toBe(422);

  const stale = await api.put(`/api/templates/${id}`, { data: template(key, "Newer"), headers: { "If-Match": '"7"' } });
  expect(stale.status()).toBe(412);
  const changed = await api.put(`/api/templates/${id}`, { data: template(key, "Newer"), headers: { "If-Match": made.headers().etag ?? "" } });
  expect(changed.status()).toBe(200);
  const tested = await api.post(`/api/templates/${id}/test`, { data: { locale: "fr" } });
  expect(await tested.json()).toEqual({ channel: "email", to: team.ada.email, devices: 0 });
  expect((await mailTo(team.ada.email, { subject: "[Test] Newer : a cake" })).text).toContain("il y a a cake");
  expect((await api.delete(`/api/templates/${id}`)).status()).toBe(204);
  const { templates } = (await (await api.get("/api/templates")).json()) as { templates: { id: string }[] };
  expect(templates.map((one) => one.id)).not.toContain(id);
  expect((await (await apiOf(team.camille)).get("/api/templates")).status()).toBe(403);
});

test("what is published now reaches inbox and mail of everybody once, in their language; a key makes one of many requests", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const key = keyOf("now");
  const subject = unique("Now");
  await api.post("/api/templates", { data: template(key, subject) });
  const guest = uniqueEmail("outside");
  const data = { template: key, audience: { everyone: true, emails: [guest, team.camille.email] }, variables: { what: "<b>a cake</b>" } };
  const headers = { "Idempotency-Key": unique("publish") };
  const answers = await Promise.all([1, 2, 3].map(() => api.post("/api/notifications", { data, headers })));
  expect(answers.map((answer) => answer.status())).toEqual([202, 202, 202]);
  const published = (await Promise.all(answers.map((answer) => answer.json()))) as Publication[];
  const [one] = published;
  if (!one) throw new Error("nothing was published");
  expect(new Set(published.map(({ id }) => id)).size).toBe(1);
  expect(answers[0]?.headers().location).toBe(one.url);
  expect((await api.post("/api/notifications", { data: { ...data, variables: { what: "other" } }, headers })).status()).toBe(422);

  const french = await mailTo(team.camille.email, { subject: `${subject} : ` });
  expect(french.text).toContain("il y a <b>a cake</b>.");
  expect(french.html).not.toContain("<b>a cake</b>");
  expect(linkIn(french, `/${team.slug}/announcements/`)).toContain(one.id);
  // Minjun reads Korean, which nobody wrote.
  await mailTo(team.minjun.email, { subject: `${subject}: ` });
  const outside = await mailTo(guest, { subject });
  expect(outside.text).not.toContain("/announcements/");
  expect(outside.html).toContain("https://x.example/?q=%3Cb%3Ea%20cake%3C%2Fb%3E");
  await expect.poll(async () => (await inboxAbout(await apiOf(team.camille), one.id)).length).toBe(1);
  await expect.poll(async () => ((await (await api.get(one.url)).json()) as Publication).state, { timeout: 30_000 }).toBe("sent");
  const progress = (await (await api.get(one.url)).json()) as Publication;
  // Other tests of this organization may have let somebody else in.
  expect(progress.inbox.told).toBeGreaterThanOrEqual(3);
  expect(progress.deliveries.email?.sent).toBeGreaterThanOrEqual(4);
  expect((await api.post(`${one.url}/cancel`)).status()).toBe(409);
  expect((await mailsTo(team.camille.email)).filter((mail) => mail.subject.startsWith(subject))).toHaveLength(1);
});

test("what is scheduled for a workspace can be taken back, and nobody hears of it; a wrong audience is named", async ({ team, apiOf, pageOf }) => {
  const api = await apiOf(team.ada);
  const key = keyOf("later");
  const subject = unique("Later");
  await api.post("/api/templates", { data: template(key, subject) });
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/settings/announcements/new?template=${key}`);
  const workspace = (await page.locator("input[name=workspaces]").first().getAttribute("value")) ?? "";
  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  const published = await api.post("/api/notifications", { data: { template: key, audience: { workspaces: [workspace] }, variables: { what: "tea" }, sendAt } });
  expect(published.status()).toBe(202);
  const { url, state } = (await published.json()) as Publication;
  expect(state).toBe("scheduled");
  expect(await (await api.post(`${url}/cancel`)).json()).toMatchObject({ state: "cancelled" });
  expect((await api.post(`${url}/cancel`)).status()).toBe(200);
  expect((await mailsTo(team.camille.email)).filter((mail) => mail.subject.includes(subject))).toEqual([]);

  const wrong = await api.post("/api/notifications", { data: { template: "nothing", audience: { workspaces: ["wsp_01m7yvgffresm89ns2qwsejece"] }, sendAt: "2001-01-01T00:00:00Z" } });
  expect(((await wrong.json()) as Problem).errors).toMatchObject([{ field: "template", code: "unknown-template" }]);
  const stranger = await api.post("/api/notifications", { data: { template: key, audience: { workspaces: ["wsp_01m7yvgffresm89ns2qwsejece"] }, sendAt: "2001-01-01T00:00:00Z" } });
  expect(((await stranger.json()) as Problem).errors).toMatchObject([
    { field: "variables.what", code: "variable-missing" },
    { field: "sendAt", code: "in-the-past" },
    { field: "audience.workspaces.0", code: "unknown-workspace" },
  ]);
});

test("an admin writes a template, sees it while writing, announces with it and follows how it arrives", async ({ team, pageOf, apiOf }) => {
  const page = await pageOf(team.ada);
  const key = keyOf("closing");
  const subject = unique("Closing");
  await page.goto(`/${team.slug}/settings/templates/new`);
  await page.getByLabel("Name", { exact: true }).fill("Office closing");
  await page.getByLabel("Key").fill(key);
  const english = page.locator("main details").filter({ hasText: "English" }).first();
  await english.getByLabel("Subject").fill(`${subject} on {{day}}`);
  await english.getByLabel("Text", { exact: true }).fill("We are closed on {{#if day}}.");
  await page.getByRole("button", { name: "Create the template" }).click();
  await expect(page.getByText("{{#if day}} is more than a template can do")).toBeVisible();
  await english.getByLabel("Text", { exact: true }).fill("We are closed on {{day}}.\n\nEnjoy it.");
  await page.getByLabel(/\{\{day\}\}/).first().fill("Friday");
  await expect(page.getByRole("article", { name: "Mail" })).toContainText(`${subject} on Friday`);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create the template" }).click();
  await page.waitForURL(/templates\/tpl_/);
  await expect(page.getByText("Saved").first()).toBeVisible();

  await page.getByRole("link", { name: "Announce with Office closing" }).click();
  // The page that is left has a field for the same variable.
  await page.waitForURL(/announcements\/new/);
  await page.getByLabel("{{day}}").fill("Monday");
  await page.getByLabel("Certain people").check();
  await page.getByLabel("E-mail addresses").fill("nobody");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Write an e-mail address such as name@example.com.")).toBeVisible();
  await page.getByLabel("E-mail addresses").fill(`${team.camille.email}, ${team.minjun.email}`);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("It reaches 2 members.")).toBeVisible();
  await expect(page.getByRole("article", { name: "Mail" })).toContainText("We are closed on Monday.");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Send now" }).click();
  await page.waitForURL(/announcements\/ntf_/);
  const id = page.url().split("/").at(-1) ?? "";
  await mailTo(team.camille.email, { subject: `${subject} on Monday` });
  await expect(page.getByText("Sent", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);

  const reader = await pageOf(team.camille);
  await reader.goto(`/${team.slug}/announcements/${id}`);
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText(`${subject} on Monday`);
  await expectAccessible(reader);
  expect((await (await apiOf(team.camille)).get(`/api/notifications/${id}`)).status()).toBe(403);
  await reader.goto(`/${team.slug}/settings/templates`);
  await expect(reader.getByRole("heading", { level: 1 })).not.toHaveText("Paramètres");

  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ["templates", `templates/new`, "announcements", `announcements/new?template=${key}`, `announcements/${id}`]) {
    await page.goto(`/${team.slug}/settings/${path}`);
    await expectNoOverflow(page);
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a preview keeps what was typed, and an announcement asks before it sends", async ({ team, apiOf, page }) => {
    await page.context().addCookies(team.ada.state.cookies);
    const api = await apiOf(team.ada);
    const key = keyOf("plain");
    const subject = unique("Plain");
    await api.post("/api/templates", { data: template(key, subject) });
    await page.goto(`/${team.slug}/settings/templates/new`);
    await page.getByLabel("Name", { exact: true }).fill("Kept");
    const english = page.locator("main details").filter({ hasText: "English" }).first();
    await english.getByLabel("Subject").fill("Hi {{name}}");
    await english.getByLabel("Text", { exact: true }).fill("Text of {{name}}");
    await page.getByRole("button", { name: "Preview" }).click();
    await expect(page.getByRole("article", { name: "Mail" })).toContainText("Text of {{name}}");
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Kept");
    await expect(page.getByLabel(/\{\{name\}\}/).first()).toBeVisible();

    await page.goto(`/${team.slug}/settings/announcements/new?template=${key}`);
    await page.getByLabel("{{what}}").fill("pie");
    await page.getByLabel("Certain people").check();
    await page.getByLabel("E-mail addresses").fill(team.minjun.email);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByText("It reaches 1 member.")).toBeVisible();
    await page.getByRole("button", { name: "Send now" }).click();
    await mailTo(team.minjun.email, { subject: `${subject}: pie` });
  });
});
