import { inboxAbout } from "./support/inbox";
import { calendarOf, linkIn, mailTo, mailsAbout } from "./support/mailbox";
import { book, change, read } from "./support/meetings";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

test("two quick changes are one mail with the same UID and a higher SEQUENCE; a change taken back is none", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const guest = uniqueEmail("merge");
  const title = unique("Moving");
  const meeting = await book(api, { title, attendees: [{ email: guest }] });
  const invitation = await calendarOf(await mailTo(guest, { subject: title }));

  const later = (minutes: number) => new Date(Date.parse(meeting.endsAt) + minutes * 60_000).toISOString();
  await change(api, meeting.id, { startsAt: later(60), endsAt: later(120) });
  const moved = await change(api, meeting.id, { location: "Second floor" });
  const mail = await mailTo(guest, { subject: title, count: 2 });
  const { event, method, mimeMethod } = await calendarOf(mail);
  expect({ method, mimeMethod: mimeMethod?.toUpperCase(), uid: event.uid }).toEqual({ method: "REQUEST", mimeMethod: "REQUEST", uid: meeting.icalUid });
  expect(event.sequence).toBe(moved.sequence);
  expect(event.sequence).toBeGreaterThan(invitation.event.sequence);
  expect(event.startDate.toJSDate().toISOString()).toBe(moved.startsAt);
  expect(event.location).toContain("Second floor");

  await change(api, meeting.id, { title: `${title} for a moment` });
  await change(api, meeting.id, { title });
  const cancelled = await api.post(`/api/meetings/${meeting.id}/cancel`, { data: { reason: "The room is flooded." } });
  expect(cancelled.status()).toBe(200);
  const last = await mailTo(guest, { subject: title, count: 3 });
  expect(last.text).toContain("The room is flooded.");
  const calendar = await calendarOf(last);
  expect(calendar.method).toBe("CANCEL");
  expect(calendar.event.uid).toBe(meeting.icalUid);
  expect(calendar.event.sequence).toBeGreaterThan(event.sequence);
  expect(calendar.component.getFirstPropertyValue("status")).toBe("CANCELLED");
});

test("who is removed gets a CANCEL, who is added a REQUEST, who stays hears nothing of either", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const [staying, leaving, coming] = [uniqueEmail("staying"), uniqueEmail("leaving"), uniqueEmail("coming")];
  const title = unique("Guest list");
  const meeting = await book(api, { title, attendees: [{ email: staying }, { email: leaving }] });
  await Promise.all([mailTo(staying, { subject: title }), mailTo(leaving, { subject: title })]);

  await change(api, meeting.id, { attendees: [{ email: staying }, { email: coming }] });
  const invited = await calendarOf(await mailTo(coming, { subject: title }));
  expect(invited.method).toBe("REQUEST");
  expect(invited.event.uid).toBe(meeting.icalUid);
  const removed = await calendarOf(await mailTo(leaving, { subject: title, count: 2 }));
  expect(removed.method).toBe("CANCEL");
  expect(removed.event.uid).toBe(meeting.icalUid);
  expect(removed.event.sequence).toBeGreaterThan(0);
  expect(await mailsAbout(staying, title)).toHaveLength(1);
});

test("Ada edits, then cancels with a reason; Camille reads both", async ({ team, pageOf, apiOf }) => {
  const api = await apiOf(team.ada);
  const title = unique("Budget");
  const meeting = await book(api, { title, attendees: [{ email: team.camille.email }] });
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/meetings/${meeting.id}`);
  await page.getByRole("link", { name: "Edit" }).click();
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue(title);
  await page.getByLabel("Place").fill("Salle Loire");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The changes are saved.")).toBeVisible();
  expect((await read(api, meeting.id)).location).toBe("Salle Loire");
  expect((await read(api, meeting.id)).startsAt).toBe(meeting.startsAt);

  await page.getByRole("link", { name: "Cancel meeting" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this meeting?" });
  await dialog.getByLabel("Reason").fill("The budget is spent.");
  await dialog.getByRole("button", { name: "Cancel meeting" }).click();
  await expect(page.getByText("This meeting is cancelled")).toBeVisible();
  await expect(page.getByText("The budget is spent.")).toBeVisible();

  const theirs = await pageOf(team.camille);
  await theirs.goto(`/${team.slug}/meetings/${meeting.id}`);
  await expect(theirs.getByText("The budget is spent.")).toBeVisible();
  await expect.poll(async () => (await inboxAbout(await apiOf(team.camille), meeting.id)).map((row) => row.type)).toContain("meeting.cancelled");
  // A link from an older mail shows how it stands now.
  const [first] = await mailsAbout(team.camille.email, title);
  if (!first) throw new Error("no invitation");
  await theirs.goto(linkIn(first, "/rsvp/"));
  await expect(theirs.getByText("The budget is spent.")).toBeVisible();
  await expect(theirs.getByRole("radio")).toHaveCount(0);
});

test("an edit over somebody else's newer edit is refused and keeps what was typed", async ({ team, pageOf, apiOf }) => {
  const api = await apiOf(team.ada);
  const meeting = await book(api, { title: unique("Contended") });
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/meetings/${meeting.id}/edit`);
  await page.getByLabel("Place").fill("Mine");
  await change(api, meeting.id, { location: "Theirs" });
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "changed since you opened it" })).toBeVisible();
  await expect(page.getByLabel("Place")).toHaveValue("Mine");
  expect((await read(api, meeting.id)).location).toBe("Theirs");
});
