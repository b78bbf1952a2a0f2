import { inboxAbout, inboxBadge, unreadCount } from "./support/inbox";
import { book } from "./support/meetings";
import { begin, signIn } from "./support/people";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";
import type { InboxRow } from "./support/inbox";

test("what is read in one tab is read in the other, live", async ({ team, apiOf, browserOf }) => {
  const ada = await apiOf(team.ada);
  const camille = await apiOf(team.camille);
  const titles = ["First", "Second", "Third"].map(unique);
  for (const title of titles) {
    const meeting = await book(ada, { title, attendees: [{ email: team.camille.email }] });
    await expect.poll(async () => (await inboxAbout(camille, meeting.id)).length).toBe(1);
  }
  const browser = await browserOf(team.camille);
  const [left, right] = [await browser.newPage(), await browser.newPage()];
  await left.goto(`/${team.slug}/inbox`);
  await right.goto(`/${team.slug}/meetings`);
  const before = await unreadCount(right);
  expect(before).toBeGreaterThanOrEqual(3);

  const row = left.getByRole("main").getByRole("listitem").filter({ hasText: titles[0] });
  await row.getByRole("button", { name: /Marquer comme lu/ }).click();
  await expect(inboxBadge(right)).toHaveText(String(before - 1), { timeout: 3_000 });
  await expect(inboxBadge(left)).toHaveText(String(before - 1));

  await left.getByRole("button", { name: /Tout marquer comme lu/ }).click();
  await expect(inboxBadge(right)).toHaveCount(0, { timeout: 3_000 });
  await expect(inboxBadge(left)).toHaveCount(0);
});

test("reading all stops at what was seen: what came meanwhile stays unread", async ({ team, apiOf }) => {
  const ada = await apiOf(team.ada);
  const camille = await apiOf(team.camille);
  const seen = await book(ada, { title: unique("Seen"), attendees: [{ email: team.camille.email }] });
  await expect.poll(async () => (await inboxAbout(camille, seen.id)).length).toBe(1);
  const [newest] = await inboxAbout(camille, seen.id);
  const meanwhile = await book(ada, { title: unique("Meanwhile"), attendees: [{ email: team.camille.email }] });
  await expect.poll(async () => (await inboxAbout(camille, meanwhile.id)).length).toBe(1);

  const answer = await camille.post("/api/notifications/read", { data: { upTo: newest?.id } });
  expect(answer.status(), await answer.text()).toBe(200);
  expect((await inboxAbout(camille, seen.id))[0]?.readAt).not.toBeNull();
  expect((await inboxAbout(camille, meanwhile.id))[0]?.readAt).toBeNull();
});

test("pages of the inbox neither skip nor repeat, also when something arrives between them", async ({ team, apiOf }) => {
  const ada = await apiOf(team.ada);
  const minjun = await apiOf(team.minjun);
  const ids: string[] = [];
  const invite = async (title: string) => {
    const meeting = await book(ada, { title: unique(title), attendees: [{ email: team.minjun.email }] });
    await expect.poll(async () => (await inboxAbout(minjun, meeting.id)).length).toBe(1);
    return meeting.id;
  };
  for (const title of ["One", "Two", "Three", "Four"]) ids.push(await invite(title));

  const pageFrom = async (cursor: string | null) => {
    const query = new URLSearchParams({ limit: "2", ...(cursor && { cursor }) });
    return (await (await minjun.get(`/api/notifications?${query}`)).json()) as { notifications: InboxRow[]; nextCursor: string | null };
  };
  const first = await pageFrom(null);
  await invite("Between");
  const second = await pageFrom(first.nextCursor);
  const read = [...first.notifications, ...second.notifications].map((row) => row.subjectId);
  expect(read).toEqual([...ids].reverse());
});

test("an empty inbox says what will stand there", async ({ page }) => {
  await signIn(page, uniqueEmail("quiet"));
  const slug = await begin(page, unique("Quiet"), "Quinn");
  await page.goto(`/${slug}/inbox`);
  await expect(page.getByText("Nothing here yet")).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: "Book a meeting" })).toBeVisible();
});
