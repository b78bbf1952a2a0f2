import { mailsAbout, mailTo, troubleMail } from "./support/mailbox";
import { book } from "./support/meetings";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

// The provider's misbehaviour is one rule for the whole mailbox, so these come one after another, and no other file sets it.
test.describe.configure({ mode: "serial" });
test.afterEach(() => troubleMail({ mode: "ok" }));

test("a refused mail stands on the meeting's page in the provider's words, and can be sent again", async ({ team, apiOf, pageOf }) => {
  const guest = uniqueEmail("refused");
  const title = unique("Refused");
  await troubleMail({ mode: "refuse", match: { to: guest } });
  const meeting = await book(await apiOf(team.ada), { title, attendees: [{ email: guest }, { email: team.camille.email }] });
  const page = await pageOf(team.ada);
  const row = page.getByRole("row").filter({ hasText: guest });
  await expect(async () => {
    await page.goto(`/${team.slug}/meetings/${meeting.id}`);
    await expect(row).toContainText("Failed", { timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await expect(row).toContainText("The email was refused by the mail engine's control page.");
  await expect(row).toContainText("422");
  await expect(page.getByRole("row").filter({ hasText: team.camille.email })).toContainText("Sent");
  expect(await mailsAbout(guest, title)).toEqual([]);

  await troubleMail({ mode: "ok" });
  await row.getByRole("button", { name: /again/ }).click();
  await mailTo(guest, { subject: title });
  await expect(async () => {
    await page.reload();
    await expect(row).toContainText("Sent", { timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await expect(row.getByRole("button")).toHaveCount(0);

  // Only the organizer sees what was sent to whom.
  const theirs = await pageOf(team.camille);
  await theirs.goto(`/${team.slug}/meetings/${meeting.id}`);
  await expect(theirs.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(theirs.getByRole("table")).toHaveCount(0);
});

test("a mail that was refused is a dead letter of the console, which sends it again once the cause is gone", async ({ team, apiOf, pageOf }) => {
  const guest = uniqueEmail("dead");
  const title = unique("Dead letter");
  await troubleMail({ mode: "refuse", match: { to: guest } });
  await book(await apiOf(team.ada), { title, attendees: [{ email: guest }] });
  const page = await pageOf(team.ada);
  const found = page.getByRole("region", { name: "Results" }).getByRole("listitem");
  await expect(async () => {
    await page.goto(`/${team.slug}/settings/deliveries?${new URLSearchParams({ person: guest, state: "failed" })}`);
    await expect(found).toContainText("The email was refused by the mail engine's control page.", { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await expect(page.getByRole("region", { name: "Dead letters" })).toContainText("Refused as wrong");
  await troubleMail({ mode: "ok" });
  await found.getByRole("button", { name: `Send the delivery to ${guest} again` }).click();
  await mailTo(guest, { subject: title });
  await page.goto(`/${team.slug}/settings/audit`);
  await expect(page.getByRole("row").filter({ hasText: "sent a failed delivery again" })).toBeVisible();
});

for (const { name, trouble } of [
  { name: "too many requests", trouble: { mode: "rate-limit", count: 2, retryAfterSeconds: 1 } },
  { name: "errors of its own", trouble: { mode: "server-error", count: 2 } },
  { name: "connections cut before the mail was taken", trouble: { mode: "drop-before-accept", count: 2 } },
  { name: "connections cut after the mail was taken", trouble: { mode: "drop-after-accept", count: 1 } },
] as const) {
  test(`a provider that answers with ${name}: the booking stands at once, the mail comes once`, async ({ team, apiOf }) => {
    const guest = uniqueEmail("trouble");
    const title = unique("Bad weather");
    await troubleMail({ ...trouble, match: { to: guest } });
    await book(await apiOf(team.ada), { title, attendees: [{ email: guest }] });
    await mailTo(guest, { subject: title, timeout: 30_000 });
    // A second copy would come with the next try, a second or two later.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await mailsAbout(guest, title)).toHaveLength(1);
  });
}
