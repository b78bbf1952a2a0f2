import { linkIn, mailTo, mailsTo } from "./support/mailbox";
import { invite, type Person } from "./support/people";
import { run } from "./support/run";
import { expect, test } from "./support/test";
import { uniqueEmail } from "./support/unique";
import { inboxBadge, unreadCount } from "./support/inbox";

const newcomer = (name: string): Person => ({
  name: "Sam Oh",
  email: uniqueEmail(name),
  locale: "en-GB",
  timeZone: "Europe/London",
  state: { cookies: [], origins: [] },
});

test("a pasted list says what became of every entry", async ({ team, pageOf }) => {
  const page = await pageOf(team.ada);
  const fresh = uniqueEmail("list");
  await page.goto(`/${team.slug}/settings/members`);
  await page.getByLabel("E-mail addresses").fill(`Fresh Person <${fresh}>; ${team.camille.email}\nnot an address`);
  await page.getByRole("button", { name: "Send invitations" }).click();
  const outcome = page.getByRole("status").filter({ hasText: "1 invitation is on its way" });
  await expect(outcome.getByRole("listitem").filter({ hasText: fresh })).toContainText("Invited");
  await expect(outcome.getByRole("listitem").filter({ hasText: team.camille.email })).toContainText("already a member");
  await expect(outcome.getByRole("listitem").filter({ hasText: "not an address" })).toContainText("Not an e-mail address");
  const mail = await mailTo(fresh);
  expect(mail.subject).toContain(team.name);
});

test("who is invited joins from the mail, and the inviter's badge rises while they look at something else", async ({ team, pageOf, browserOf }) => {
  const page = await pageOf(team.ada);
  const sam = newcomer("sam");
  await invite(page, team.slug, [sam.email]);
  await page.goto(`/${team.slug}/meetings`);
  const before = await unreadCount(page);

  const theirs = await (await browserOf(sam)).newPage();
  await theirs.goto(linkIn(await mailTo(sam.email), "/join/"));
  await expect(theirs.getByRole("heading", { level: 1 })).toHaveText(`Ada Sinclair invites you to ${team.name}`);
  await theirs.getByLabel("Your name").fill(sam.name);
  await theirs.getByRole("button", { name: `Join ${team.name}` }).click();
  await expect(theirs).toHaveURL(new RegExp(`/${team.slug}$`));
  await expect(theirs.getByRole("heading", { level: 1 })).toContainText("Sam Oh");

  await expect(inboxBadge(page)).toHaveText(String(before + 1));
  await page.goto(`/${team.slug}/inbox`);
  await expect(page.getByRole("main").getByText(/Sam Oh/).first()).toBeVisible();
});

test("sending an invitation again retires the older link; withdrawing it retires both", async ({ team, pageOf, page: stranger }) => {
  const page = await pageOf(team.ada);
  const email = uniqueEmail("late");
  await invite(page, team.slug, [email]);
  const first = linkIn(await mailTo(email), "/join/");
  await page.goto(`/${team.slug}/settings/members`);
  const row = page.getByRole("listitem").filter({ hasText: email });
  await row.getByRole("button", { name: /^Send .*again/ }).click();
  const second = linkIn(await mailTo(email, { count: 2 }), "/join/");
  expect(second).not.toBe(first);

  await stranger.goto(first);
  await expect(stranger.getByRole("heading", { name: "This invitation no longer works" })).toBeVisible();
  await expect(stranger.getByText("A newer invitation was sent")).toBeVisible();
  await stranger.goto(second);
  await expect(stranger.getByRole("button", { name: /^Join/ })).toBeVisible();

  await page.reload();
  await expect(row).toContainText("Opened");
  await row.getByRole("button", { name: /^Withdraw/ }).click();
  await expect(row).toHaveCount(0);
  await stranger.goto(second);
  await expect(stranger.getByText("It was withdrawn.")).toBeVisible();
  expect(await mailsTo(email)).toHaveLength(2);
});

test("an altered or used invitation says so and offers the next step", async ({ team, pageOf, browserOf, page: stranger }) => {
  const page = await pageOf(team.ada);
  const sam = newcomer("once");
  await invite(page, team.slug, [sam.email]);
  const link = linkIn(await mailTo(sam.email), "/join/");
  await stranger.goto(`${link.slice(0, -3)}xyz`);
  await expect(stranger.getByRole("heading", { name: "This link is not complete" })).toBeVisible();

  const theirs = await (await browserOf(sam)).newPage();
  await theirs.goto(link);
  await theirs.getByLabel("Your name").fill(sam.name);
  await theirs.getByRole("button", { name: /^Join/ }).click();
  await expect(theirs).toHaveURL(new RegExp(`/${team.slug}$`));
  await stranger.goto(link);
  await expect(stranger.getByText("It was already accepted.")).toBeVisible();
  await expect(stranger.getByRole("link", { name: "Sign in" })).toBeVisible();
  expect(new URL(link).origin).toBe(run.app.url);
});
