import { bookingForm, dayAhead, meetingIdOf } from "./support/booking";
import { inboxAbout, inboxBadge, unreadCount } from "./support/inbox";
import { calendarOf, linkIn, mailTo, mailsTo } from "./support/mailbox";
import { book, freeHour } from "./support/meetings";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";
import type { MeetingResource } from "@/lib/meetings/mappings";

test("Ada books; Camille's badge rises while she watches, her mail is French and her calendar understands it", async ({ team, pageOf, apiOf }) => {
  const [ada, camille] = await Promise.all([pageOf(team.ada), pageOf(team.camille)]);
  await camille.goto(`/${team.slug}/meetings`);
  const before = await unreadCount(camille);
  const title = unique("Revue de printemps");
  const guest = uniqueEmail("sam");
  const day = dayAhead(20, team.ada.timeZone);

  const form = bookingForm(ada, team.slug);
  await form.open();
  await form.title.fill(title);
  await form.date.fill(day);
  await form.start.fill("09:00");
  await form.duration.fill("1.5h");
  await expect(form.end).toHaveValue("10:30");
  await form.add("Camille");
  await form.add(guest);
  await ada.getByLabel("Place").fill("Room Namdaemun");
  await ada.getByLabel("Link to join").fill("https://meet.example/spring");
  await ada.getByLabel("Description").fill("Bring one idea.\nThen another.");
  // Nine in New York is three in the afternoon in Paris (two for some days of March): Camille's own clock stands beside her name.
  await expect(form.plan.getByRole("listitem").filter({ hasText: "Camille" })).toContainText(/(2|3):00.*Free/s);
  const id = await form.book();
  await expect(ada.getByText("The meeting is booked. 2 invitations are on the way.")).toBeVisible();
  await expect(ada.getByRole("heading", { level: 1 })).toHaveText(title);

  await expect(inboxBadge(camille)).toHaveText(String(before + 1));

  const mail = await mailTo(team.camille.email, { subject: title });
  expect(mail.html).toContain('lang="fr"');
  expect(mail.text).toContain("Ada Sinclair");
  expect(mail.text).toMatch(/heure|Paris/);
  expect(mail.text).toContain("Room Namdaemun");
  expect(mail.text).toContain("https://meet.example/spring");
  linkIn(mail, "/rsvp/");

  const api = await apiOf(team.ada);
  const meeting = (await (await api.get(`/api/meetings/${id}`)).json()) as MeetingResource;
  const { method, mimeMethod, event, component, attachment } = await calendarOf(mail);
  expect(method).toBe("REQUEST");
  expect(mimeMethod?.toUpperCase()).toBe("REQUEST");
  expect(attachment).toContain("BEGIN:VEVENT");
  expect(event.uid).toBe(meeting.icalUid);
  expect(event.sequence).toBe(meeting.sequence);
  expect(event.summary).toBe(title);
  expect(event.location).toContain("Room Namdaemun");
  expect(event.startDate.toJSDate().toISOString()).toBe(meeting.startsAt);
  expect(event.endDate.toJSDate().getTime() - event.startDate.toJSDate().getTime()).toBe(90 * 60_000);
  expect(String(event.organizer)).toMatch(/^mailto:/i);
  expect(event.attendees.map((attendee) => String(attendee.getFirstValue()).toLowerCase())).toContain(`mailto:${team.camille.email}`);
  expect(component.getFirstPropertyValue("status")).toBe("CONFIRMED");

  // The outside address has no account, no language and no zone of its own: the organization's.
  const outside = await mailTo(guest, { subject: title });
  expect(outside.html).toContain('lang="en"');
  expect((await calendarOf(outside)).event.uid).toBe(meeting.icalUid);
  expect(await inboxAbout(await apiOf(team.camille), id)).toHaveLength(1);
});

test("a double click and a going back make one meeting", async ({ team, pageOf, apiOf }) => {
  const page = await pageOf(team.ada);
  const title = unique("Once only");
  const form = bookingForm(page, team.slug);
  await form.open();
  await form.title.fill(title);
  await form.date.fill(dayAhead(30, team.ada.timeZone));
  await form.start.fill("16:00");
  await form.submit.dblclick();
  await page.waitForURL(/\/meetings\/mtg_/);
  const id = meetingIdOf(page);
  await page.goBack();
  await expect(form.title).toBeVisible();
  await page.reload();

  const api = await apiOf(team.ada);
  const { meetings } = (await (await api.get("/api/meetings?limit=100")).json()) as { meetings: MeetingResource[] };
  expect(meetings.filter((meeting) => meeting.title === title).map((meeting) => meeting.id)).toEqual([id]);
});

test("a refusal loses nothing that was typed, and says what is wrong where it is wrong", async ({ team, pageOf }) => {
  const page = await pageOf(team.ada);
  const form = bookingForm(page, team.slug);
  await form.open();
  await form.title.fill("Backwards");
  await form.date.fill(dayAhead(10, team.ada.timeZone));
  await form.start.fill("15:00");
  await form.end.fill("14:00");
  await form.add("Camille");
  await page.getByLabel("Description").fill("Every word of this.");
  await page.getByLabel("Reminder").selectOption("60");
  await page.getByLabel("Don’t double-book me").check();
  await form.submit.click();
  await expect(form.end).toHaveAccessibleDescription(/The end must be after the start/);
  await expect(form.end).toBeFocused();
  await expect(form.title).toHaveValue("Backwards");
  await expect(form.start).toHaveValue("15:00");
  await expect(form.end).toHaveValue("14:00");
  await expect(form.picked).toContainText("Camille");
  await expect(page.getByLabel("Description")).toHaveValue("Every word of this.");
  await expect(page.getByLabel("Reminder")).toHaveValue("60");
  await expect(page.getByLabel("Don’t double-book me")).toBeChecked();
  expect((await mailsTo(team.camille.email)).filter(({ subject }) => subject.includes("Backwards"))).toEqual([]);
});

test("a time that the clocks jump over is refused, with what they show instead", async ({ team, pageOf }) => {
  const page = await pageOf(team.ada);
  const form = bookingForm(page, team.slug);
  await form.open();
  await form.title.fill(unique("In the gap"));
  await form.chooseZone("Paris", /Paris/);
  await form.date.fill("2027-03-28");
  await form.start.fill("02:30");
  await form.duration.fill("30m");
  await form.submit.click();
  await expect(form.start).toHaveAccessibleDescription(/does not exist/);
  await expect(page).toHaveURL(/\/meetings\/new/);
  await page.getByRole("button", { name: /Use 0?3:30/ }).click();
  await expect(form.start).toHaveValue("03:30");
  await form.book();
});

test("a time that the clocks show twice is asked about, and the answer is kept", async ({ team, pageOf, apiOf }) => {
  const page = await pageOf(team.ada);
  const form = bookingForm(page, team.slug);
  await form.open();
  await form.title.fill(unique("Twice"));
  await form.chooseZone("Paris", /Paris/);
  await form.date.fill("2027-10-31");
  await form.start.fill("02:30");
  await form.duration.fill("15m");
  await form.submit.click();
  await expect(page).toHaveURL(/\/meetings\/new/);
  await page.getByRole("radio", { name: /after the clocks go back|second time/ }).check();
  const id = await form.book();
  const meeting = (await (await (await apiOf(team.ada)).get(`/api/meetings/${id}`)).json()) as MeetingResource;
  expect(meeting.startsAt).toBe("2027-10-31T01:30:00.000Z");
});

test("who is busy is said, never with what, and a free time is one press away", async ({ team, pageOf, apiOf }) => {
  const secret = unique("Secret surgery");
  const day = dayAhead(40, "Europe/Paris");
  await book(await apiOf(team.camille), { title: secret, startsAt: `${day}T08:00:00Z`, endsAt: `${day}T09:00:00Z` });
  const page = await pageOf(team.ada);
  const form = bookingForm(page, team.slug);
  await form.open();
  await form.chooseZone("UTC", /UTC/);
  await form.date.fill(day);
  await form.start.fill("08:30");
  await form.duration.fill("30m");
  await form.add("Camille");
  await expect(form.plan.getByRole("listitem").filter({ hasText: "Camille" })).toContainText("Busy");
  expect(await page.content()).not.toContain(secret);
  await form.plan.getByRole("button").first().click();
  await expect(form.plan.getByRole("listitem").filter({ hasText: "Camille" })).toContainText("Free");
  await expect(form.start).not.toHaveValue("08:30");
});

test("of two parallel bookings with the guard one is made, the other hears when the organizer is free", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const hour = freeHour();
  const input = { ...hour, timeZone: "Europe/Paris", guard: true };
  const answers = await Promise.all(
    ["left", "right"].map((side) => api.post("/api/meetings", { data: { ...input, title: unique(`Guarded ${side}`) } })),
  );
  expect(answers.map((answer) => answer.status()).sort()).toEqual([201, 409]);
  const refused = answers.find((answer) => answer.status() === 409);
  expect(refused?.headers()["content-type"]).toBe("application/problem+json");
  const problem = (await refused?.json()) as { code: string; nextFreeTimes: { startsAt: string; endsAt: string }[] };
  expect(problem.code).toBe("TIME_TAKEN");
  expect(problem.nextFreeTimes.length).toBeGreaterThan(0);
  for (const free of problem.nextFreeTimes) {
    expect(Date.parse(free.startsAt)).toBeGreaterThanOrEqual(Date.parse(hour.endsAt));
    expect(Date.parse(free.endsAt) - Date.parse(free.startsAt)).toBe(3_600_000);
  }
});
