import { inboxAbout } from "./support/inbox";
import { mailsAbout } from "./support/mailbox";
import { book } from "./support/meetings";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

const minuteMs = 60_000;
const at = (ms: number) => new Date(ms).toISOString();
const isReminder = ({ tags }: { tags: { name: string; value: string }[] }) => tags.some(({ value }) => value.includes("reminder"));

test("the reminder comes at its instant, once, by mail and inbox; none to who declined, none for a meeting booked inside the window", async ({ team, apiOf }) => {
  const [ada, camille, minjun] = await Promise.all([apiOf(team.ada), apiOf(team.camille), apiOf(team.minjun)]);
  const guest = uniqueEmail("remind");
  const title = unique("Soon");
  const dueMs = Math.ceil((Date.now() + 12_000) / 1_000) * 1_000;
  const startsMs = dueMs + 30 * minuteMs;
  const attendees = [{ email: guest }, { email: team.camille.email }, { email: team.minjun.email }];
  const meeting = await book(ada, { title, startsAt: at(startsMs), endsAt: at(startsMs + 30 * minuteMs), reminderMinutes: 30, attendees });
  const declined = await minjun.post(`/api/meetings/${meeting.id}/responses`, { data: { partstat: "declined" } });
  expect(declined.status()).toBe(200);
  const inside = await book(ada, {
    title: unique("Too late to remind"),
    startsAt: at(startsMs - minuteMs),
    endsAt: at(startsMs),
    reminderMinutes: 30,
    attendees: [{ email: guest }],
  });

  const reminders = async (address: string) => (await mailsAbout(address, title)).filter(isReminder);
  await expect.poll(async () => (await reminders(guest)).length, { timeout: 30_000, intervals: [200] }).toBe(1);
  await expect.poll(async () => (await reminders(team.camille.email)).length).toBe(1);
  for (const address of [guest, team.camille.email, team.ada.email]) {
    const [mail] = await reminders(address);
    if (!mail) continue;
    const lateMs = Date.parse(mail.createdAt) - dueMs;
    test.info().annotations.push({ type: "lateness", description: `${address}: ${lateMs} ms` });
    console.log(`reminder by mail ${lateMs} ms after its instant`);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(5_000);
  }
  const rows = async (api: typeof camille) => (await inboxAbout(api, meeting.id)).filter(({ type }) => type === "meeting.reminder");
  await expect.poll(async () => (await rows(camille)).length).toBe(1);
  await expect.poll(async () => (await rows(ada)).length).toBe(1);

  // Whoever would come twice, or by mistake, has had the time to.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(await reminders(guest)).toHaveLength(1);
  expect(await reminders(team.camille.email)).toHaveLength(1);
  expect(await reminders(team.minjun.email)).toEqual([]);
  expect(await rows(minjun)).toEqual([]);
  expect((await mailsAbout(guest, inside.title)).filter(isReminder)).toEqual([]);
  expect(await mailsAbout(guest, inside.title)).toHaveLength(1);
});

test("a meeting that moves takes its reminder along", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const guest = uniqueEmail("moved");
  const title = unique("Put off");
  const dueMs = Math.ceil((Date.now() + 10_000) / 1_000) * 1_000;
  const startsMs = dueMs + 5 * minuteMs;
  const meeting = await book(api, { title, startsAt: at(startsMs), endsAt: at(startsMs + 30 * minuteMs), reminderMinutes: 5, attendees: [{ email: guest }] });
  const moved = await api.patch(`/api/meetings/${meeting.id}`, {
    data: { startsAt: at(startsMs + 5_000), endsAt: at(startsMs + 30 * minuteMs) },
  });
  expect(moved.status()).toBe(200);
  const reminders = async () => (await mailsAbout(guest, title)).filter(isReminder);
  await expect.poll(async () => (await reminders()).length, { timeout: 30_000, intervals: [200] }).toBe(1);
  const [mail] = await reminders();
  const lateMs = Date.parse(mail?.createdAt ?? "") - (dueMs + 5_000);
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(5_000);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(await reminders()).toHaveLength(1);
});
