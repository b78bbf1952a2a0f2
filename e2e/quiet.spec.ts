import { Temporal } from "temporal-polyfill";
import type { APIRequestContext } from "@playwright/test";
import { inboxAbout, inboxBadge } from "./support/inbox";
import { releaseAt } from "./support/later";
import { mailsTo } from "./support/mailbox";
import { book } from "./support/meetings";
import type { Person } from "./support/people";
import { expect, test } from "./support/test";
import { unique } from "./support/unique";

/** Quiet from an hour ago until three hours from now, on the wall of `person`. */
async function beQuiet(api: APIRequestContext, { timeZone }: Person): Promise<Date> {
  const now = Temporal.Now.zonedDateTimeISO(timeZone);
  const start = now.subtract({ hours: 1 });
  const end = now.add({ hours: 3 });
  const window = { start: start.toPlainTime().toString().slice(0, 5), end: end.toPlainTime().toString().slice(0, 5) };
  const answer = await api.put("/api/preferences", { data: { schedule: { quietHours: { [String(start.dayOfWeek)]: window } } } });
  expect(answer.status(), await answer.text()).toBe(200);
  return new Date(end.round({ smallestUnit: "minute", roundingMode: "ceil" }).epochMilliseconds);
}

test("during quiet hours the inbox fills live; afterwards one mail says the rest, without what was read", async ({ team, apiOf, pageOf }) => {
  const [ada, camille] = await Promise.all([apiOf(team.ada), apiOf(team.camille)]);
  const titles = [unique("Premier"), unique("Deuxième"), unique("Troisième")];
  const meetings = [];
  for (const title of titles) meetings.push(await book(camille, { title, attendees: [{ email: team.ada.email }] }));
  const page = await pageOf(team.camille);
  await page.goto(`/${team.slug}/inbox`);
  await camille.post("/api/notifications/read", { data: { ids: (await rowsOf(camille)).map(({ id }) => id) } });
  await expect(inboxBadge(page)).toHaveCount(0);
  const known = new Set((await mailsTo(team.camille.email)).map(({ id }) => id));
  const fresh = async () => (await mailsTo(team.camille.email)).filter(({ id }) => !known.has(id));

  const end = await beQuiet(camille, team.camille);
  try {
    for (const { id } of meetings) expect((await ada.post(`/api/meetings/${id}/responses`, { data: { partstat: "accepted" } })).status()).toBe(200);
    await expect(inboxBadge(page)).toHaveText("3");
    await expect(page.getByRole("main")).toContainText(titles[2] ?? "");
    const [read] = await inboxAbout(camille, meetings[0]?.id ?? "");
    expect((await camille.post("/api/notifications/read", { data: { ids: [read?.id] } })).status()).toBe(200);
    await expect(inboxBadge(page)).toHaveText("2");

    await releaseAt(new Date(end.getTime() - 5 * 60_000), team.camille, team.slug);
    expect(await fresh()).toEqual([]);
    await releaseAt(end, team.camille, team.slug);
    await releaseAt(end, team.camille, team.slug);
    const [mail, ...more] = await fresh();
    expect(more).toEqual([]);
    expect(mail?.tags).toContainEqual({ name: "template", value: expect.stringContaining("bundle") as unknown as string });
    expect(mail?.text).toContain(titles[1]);
    expect(mail?.text).toContain(titles[2]);
    expect(mail?.text).not.toContain(titles[0]);
  } finally {
    await camille.put("/api/preferences", { data: { schedule: { quietHours: null } } });
  }
});

async function rowsOf(api: APIRequestContext): Promise<{ id: string }[]> {
  const answer = (await (await api.get("/api/notifications?limit=100")).json()) as { notifications: { id: string }[] };
  return answer.notifications;
}
