import { request } from "@playwright/test";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { inboxAbout } from "./support/inbox";
import { linkIn, mailsAbout, mailTo, type Mail } from "./support/mailbox";
import { book, change, freeHour } from "./support/meetings";
import { invite, join, type Person } from "./support/people";
import { run } from "./support/run";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

// A change of a meeting waits a minute for others to join it, and a report for the next minute at worst.
test.setTimeout(180_000);

/** The address that a mailbox provider posts to, out of the header. */
const oneClickOf = (mail: Mail) => /^<(.+)>$/.exec(mail.headers["List-Unsubscribe"] ?? "")?.[1] ?? "";

/** As a mailbox provider: no cookies, no origin, no redirects. */
async function postOneClick(address: string): Promise<number> {
  const provider = await request.newContext({ storageState: { cookies: [], origins: [] } });
  const response = await provider.post(address, { form: { "List-Unsubscribe": "One-Click" }, maxRedirects: 0 });
  await provider.dispose();
  return response.status();
}

test("a guest leaves one kind of mail by one click, and only that kind", async ({ team, apiOf, page }) => {
  const api = await apiOf(team.ada);
  const guest = uniqueEmail("leaver");
  const title = unique("Leaving");
  const meeting = await book(api, { title, attendees: [{ email: guest }] });
  const invitation = await mailTo(guest, { subject: title });
  expect(invitation.headers["List-Unsubscribe"]).toBeUndefined();

  await change(api, meeting.id, { ...freeHour(), timeZone: "Europe/Paris" });
  const update = await mailTo(guest, { subject: title, count: 2, timeout: 90_000 });
  expect(update.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
  const oneClick = oneClickOf(update);

  // Scanners open every link: nothing may come of it.
  const pageLink = linkIn(update, "/unsubscribe/");
  await page.goto(oneClick);
  await expect(page).toHaveURL(pageLink);
  await expect(page.getByRole("button", { name: "Stop these mails" })).toBeVisible();
  await expectAccessible(page);

  expect(await postOneClick(oneClick)).toBe(200);
  await page.reload();
  await expect(page.getByText(`${guest} gets no more of these mails`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Subscribe again" })).toBeVisible();

  // An invitation is another kind, and is no bulk mail.
  const other = unique("Still invited");
  await book(api, { title: other, attendees: [{ email: guest }] });
  await mailTo(guest, { subject: other });
});

test("the link of one kind does not touch another, and can be taken back", async ({ team, apiOf, page, pageOf }) => {
  const api = await apiOf(team.ada);
  const title = unique("Kinds");
  const meeting = await book(api, { title, attendees: [{ email: team.camille.email }] });
  await mailTo(team.camille.email, { subject: title });
  await change(api, meeting.id, { ...freeHour(), timeZone: "Europe/Paris" });
  const update = await mailTo(team.camille.email, { subject: title, count: 2, timeout: 90_000 });
  await page.goto(linkIn(update, "/unsubscribe/"));
  await page.getByRole("button", { name: "Stop these mails" }).click();
  await expect(page.getByText("Stopped.")).toBeVisible();

  const camille = await apiOf(team.camille);
  const mailOf = async (category: string) => {
    const { cells } = (await (await camille.get("/api/preferences")).json()) as { cells: { category: string; channel: string; value: string }[] };
    return cells.find((cell) => cell.category === category && cell.channel === "email")?.value;
  };
  expect(await mailOf("changes")).toBe("off");
  expect(await mailOf("reminders")).toBe("on");

  await page.getByRole("button", { name: "Subscribe again" }).click();
  await expect(page.getByText(`${team.camille.email} gets these mails again`)).toBeVisible();
  expect(await mailOf("changes")).toBe("on");

  const settings = await pageOf(team.camille);
  await settings.goto(new URL(linkIn(update, `/${team.slug}/settings/notifications`)).pathname);
  await expect(settings.getByRole("heading", { level: 1 })).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a guest mutes a meeting from its mail, and hears of it again when they want", async ({ team, apiOf, page }) => {
    const guest = uniqueEmail("tired");
    const title = unique("Muted");
    await book(await apiOf(team.ada), { title, attendees: [{ email: guest }] });
    await page.goto(linkIn(await mailTo(guest, { subject: title }), "/mute/"));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await page.getByRole("button", { name: "Mute this meeting" }).click();
    await expect(page.getByText("This meeting is muted.")).toBeVisible();
    await page.getByRole("button", { name: "Hear of it again" }).click();
    await expect(page.getByRole("button", { name: "Mute this meeting" })).toBeVisible();
  });
});

test("a link that was altered says so and does nothing", async ({ page }) => {
  await page.goto("/unsubscribe/eyJzIjoieCJ9.AAAA");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link does not work");
  expect(await postOneClick(`${run.app.url}/api/unsubscribe/eyJzIjoieCJ9.AAAA`)).toBe(404);
});

test("an address that bounces is stopped, its owner sees why, and sends mail again with one button", async ({ team, browser, pageOf, apiOf }) => {
  const owner: Person = { name: "Bo Unger", email: `bounced+${unique("x").replace(/\s/g, "")}@resend.dev`, locale: "en-GB", timeZone: "Europe/Paris", state: { cookies: [], origins: [] } };
  const ada = await pageOf(team.ada);
  await invite(ada, team.slug, [owner.email]);
  await join(browser, owner);
  const page = await pageOf(owner);
  const banner = page.getByText(`Mail to ${owner.email} is stopped`);
  // The report comes by webhook and is handled by a durable function.
  await expect(async () => {
    await page.goto(`/${team.slug}`);
    await expect(banner.first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 90_000 });
  await expectAccessible(page);

  await page.getByRole("button", { name: `Send mail to ${owner.email} again` }).click();
  await expect(banner).toHaveCount(0);

  // It works no better: the next mail stops it anew, and now that they are a member their inbox tells them.
  const title = unique("Bounces");
  await book(await apiOf(team.ada), { title, attendees: [{ email: owner.email }] });
  await mailTo(owner.email, { subject: title });
  await expect(async () => {
    await page.goto(`/${team.slug}/inbox`);
    await expect(page.getByRole("main").getByText(`Mail to ${owner.email} is stopped`).last()).toBeVisible({ timeout: 1_000 });
    await expect(page.getByRole("button", { name: `Send mail to ${owner.email} again` })).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 90_000 });
  const again = await book(await apiOf(team.ada), { title: `${title} twice`, attendees: [{ email: owner.email }] });
  const mine = await apiOf(owner);
  await expect.poll(async () => (await inboxAbout(mine, again.id)).length, { timeout: 30_000 }).toBe(1);
  const [row] = await inboxAbout(mine, again.id);
  expect(await (await mine.get(`/api/notifications/${row?.id}/receipt`)).text()).toContain('"bounce"');
  expect(await mailsAbout(owner.email, `${title} twice`)).toEqual([]);
});

test("a forged report stops nobody", async () => {
  const provider = await request.newContext();
  const response = await provider.post(`${run.app.url}/webhook/resend`, {
    data: { type: "email.bounced", created_at: new Date().toISOString(), data: { email_id: "x", to: ["victim@e2e.example"], bounce: { type: "Permanent" } } },
    headers: { "svix-id": "msg_forged", "svix-timestamp": String(Math.floor(Date.now() / 1000)), "svix-signature": "v1,AAAA" },
  });
  expect(response.status()).toBe(403);
  expect(await response.json()).toMatchObject({ code: "SIGNATURE_INVALID" });
});

test("the console shows admins what was sent, at every width, and members nothing", async ({ team, apiOf, pageOf }) => {
  const guest = uniqueEmail("traced");
  const title = unique("Traced");
  await book(await apiOf(team.ada), { title, attendees: [{ email: guest }] });
  await mailTo(guest, { subject: title });
  const page = await pageOf(team.ada);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.goto(`/${team.slug}/settings/deliveries`);
  await page.getByLabel("Person").fill(guest);
  await page.getByRole("button", { name: "Search" }).click();
  const results = page.getByRole("region", { name: "Results" });
  await expect(results.getByRole("listitem")).toHaveCount(1);
  await expect(results).toContainText("Sent");
  await expectNoOverflow(page);
  await expectAccessible(page);
  await results.getByRole("link", { name: /Trace of/ }).click();
  await expect(page.getByText("Attempt 1")).toBeVisible();
  await expect(page.getByText("meeting.scheduled")).toBeVisible();
  await expect(page.locator("main")).not.toContainText(title);
  await expectNoOverflow(page);
  await expectAccessible(page);

  const camille = await pageOf(team.camille);
  await camille.goto(`/${team.slug}/settings/deliveries`);
  await expect(camille.getByRole("region", { name: "Results" })).toHaveCount(0);
  expect((await (await apiOf(team.camille)).get("/api/deliveries")).status()).toBe(403);
});
