import type { APIRequestContext, Page } from "@playwright/test";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { inboxAbout, inboxBadge, unreadCount, type InboxRow } from "./support/inbox";
import { linkIn, mailTo } from "./support/mailbox";
import { book } from "./support/meetings";
import { begin, signIn, type Person, type Team } from "./support/people";
import { expectGood } from "./support/screens";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

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
  const list = (await (await camille.get("/api/notifications?limit=1")).json()) as { seen: string };
  const meanwhile = await book(ada, { title: unique("Meanwhile"), attendees: [{ email: team.camille.email }] });
  await expect.poll(async () => (await inboxAbout(camille, meanwhile.id)).length).toBe(1);

  const answer = await camille.post("/api/notifications/read", { data: { seen: list.seen } });
  expect(answer.status(), await answer.text()).toBe(200);
  expect((await inboxAbout(camille, seen.id))[0]?.readAt).not.toBeNull();
  expect((await inboxAbout(camille, meanwhile.id))[0]?.readAt).toBeNull();
  expect((await camille.post("/api/notifications/read", { data: { seen: "1:2:3" } })).status()).toBe(422);
});

/** A meeting that Camille books with Ada, and its line in Ada's inbox once it is there. */
async function invite(apiOf: (person: Person) => Promise<APIRequestContext>, team: Team, title: string, more: object = {}): Promise<{ id: string; receiverId: string }> {
  const { id } = await book(await apiOf(team.camille), { title, attendees: [{ email: team.ada.email }], ...more });
  const ada = await apiOf(team.ada);
  await expect.poll(async () => (await inboxAbout(ada, id)).length).toBe(1);
  return { id, receiverId: (await inboxAbout(ada, id))[0]?.id ?? "" };
}

const rowAbout = (page: Page, title: string) => page.locator("[data-row-id]").filter({ hasText: title });
const focusedLine = (page: Page) => page.evaluate(() => document.activeElement?.closest("[data-row-id]")?.id ?? null);

test("several answers are one line that names who gave them, and opens to each of them", async ({ team, apiOf, pageOf }) => {
  const ada = await apiOf(team.ada);
  const title = unique("Who comes");
  const meeting = await book(ada, { title, attendees: [{ email: team.camille.email }, { email: team.minjun.email }] });
  for (const [person, partstat] of [[team.camille, "accepted"], [team.minjun, "declined"]] as const) {
    const answer = await (await apiOf(person)).post(`/api/meetings/${meeting.id}/responses`, { data: { partstat } });
    expect(answer.status()).toBe(200);
  }
  await expect.poll(async () => (await inboxAbout(ada, meeting.id))[0]?.thread.earlier).toBe(1);
  expect(await inboxAbout(ada, meeting.id)).toHaveLength(1);
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/inbox`);
  const row = rowAbout(page, title);
  await expect(row).toHaveCount(1);
  await expect(row).toContainText(/ and .* answered /);
  await row.getByRole("link", { name: /1 earlier/ }).click();
  await expect(row.getByRole("list", { name: /^Earlier/ }).getByRole("listitem")).toHaveCount(1);
  await expect(row.getByRole("link", { name: /Hide earlier/ })).toHaveAttribute("aria-expanded", "true");
});

test("opening what it is about reads it everywhere, and fetching ahead does not", async ({ team, apiOf, browserOf }) => {
  const { id } = await invite(apiOf, team, unique("Opened"));
  const browser = await browserOf(team.ada);
  const [reading, watching] = [await browser.newPage(), await browser.newPage()];
  await watching.goto(`/${team.slug}/meetings`);
  const before = await unreadCount(watching);
  expect(before).toBeGreaterThan(0);
  const ada = await apiOf(team.ada);
  // What a browser or Next fetches ahead is the page, without anybody who looks at it.
  expect((await ada.get(`/${team.slug}/meetings/${id}`)).status()).toBe(200);
  expect((await inboxAbout(ada, id))[0]?.readAt).toBeNull();
  await reading.goto(`/${team.slug}/meetings/${id}`);
  if (before > 1) await expect(inboxBadge(watching)).toHaveText(String(before - 1), { timeout: 3_000 });
  else await expect(inboxBadge(watching)).toHaveCount(0, { timeout: 3_000 });
  expect((await inboxAbout(ada, id))[0]?.readAt).not.toBeNull();
});

test("an answer by a mail's link reads the invitation", async ({ team, apiOf, page }) => {
  const title = unique("By mail");
  const { id } = await invite(apiOf, team, title);
  await page.goto(linkIn(await mailTo(team.ada.email, { subject: title }), "/rsvp/").replace(/\?.*/, ""));
  await page.getByRole("radio").first().check();
  await page.locator("main form button[type=submit]").click();
  await expect.poll(async () => (await inboxAbout(await apiOf(team.ada), id))[0]?.readAt).not.toBeNull();
});

test("letters move, read, put back and snooze; focus is never lost; everything can be undone", async ({ team, apiOf, pageOf }) => {
  const titles = ["Lower", "Upper"].map(unique);
  for (const title of titles) await invite(apiOf, team, title);
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/inbox`);
  const [lower, upper] = titles.map((title) => rowAbout(page, title));
  if (!lower || !upper) throw new Error("no rows");
  await expect(upper).toBeVisible();
  // Pressed again while nothing listens yet.
  const first = async () => {
    if ((await focusedLine(page)) === null) await page.keyboard.press("j");
    return focusedLine(page);
  };
  await expect.poll(first).toBe(await upper.getAttribute("id"));
  await page.keyboard.press("e");
  await expect(upper).toHaveAttribute("data-read");
  await expect.poll(() => focusedLine(page)).toBe(await upper.getAttribute("id"));
  await page.keyboard.press("u");
  await expect(upper).not.toHaveAttribute("data-read");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect.poll(() => focusedLine(page)).toBe(await upper.getAttribute("id"));

  await page.keyboard.press("s");
  await expect(upper.getByRole("button", { name: /In an hour/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(upper).toBeHidden();
  await expect.poll(() => focusedLine(page)).toBe(await lower.getAttribute("id"));
  const undo = page.getByRole("status").getByRole("button", { name: "Undo" });
  await undo.click();
  await expect(upper).toBeVisible();

  await page.getByRole("button", { name: "Mark all read" }).click();
  await expect(lower).toHaveAttribute("data-read");
  await expect(inboxBadge(page)).toHaveCount(0);
  await undo.click();
  await expect(lower).not.toHaveAttribute("data-read");
  await expect(inboxBadge(page)).toBeVisible();

  await upper.getByText(/^Actions for/).locator("..").click();
  await upper.getByRole("button", { name: "Mute this" }).click();
  await expect(upper.getByText("Muted", { exact: true })).toBeVisible();
  await undo.click();
  await expect(upper.getByText("Muted", { exact: true })).toHaveCount(0);

  await page.goto(`/${team.slug}/inbox?tab=unread`);
  await page.keyboard.press("j");
  await page.keyboard.press("e");
  await expect(upper).toHaveCount(0);
  await expect.poll(() => focusedLine(page)).toBe(await lower.getAttribute("id"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(titles[0] ?? "");
});

test("what the server refuses is taken back and said", async ({ team, apiOf, pageOf }) => {
  const title = unique("Refused");
  await invite(apiOf, team, title);
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/inbox`);
  await page.route("**/api/notifications/read**", (call) => call.fulfill({ status: 409, json: {} }));
  const row = rowAbout(page, title);
  await row.getByRole("button", { name: /^Mark read/ }).click();
  await expect(page.getByRole("status").filter({ hasText: "That did not work" })).toBeVisible();
  await expect(row).not.toHaveAttribute("data-read");
});

test("a snoozed line waits in its list and comes back when the meeting ends, unread and on top, by itself", async ({ team, apiOf, pageOf }) => {
  test.setTimeout(150_000);
  const title = unique("Put off");
  const endsMs = Math.ceil((Date.now() + 75_000) / 1_000) * 1_000;
  const { id } = await invite(apiOf, team, title, { startsAt: new Date(endsMs - 45_000).toISOString(), endsAt: new Date(endsMs).toISOString() });
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/inbox`);
  const row = rowAbout(page, title);
  await row.getByText(/^Actions for/).locator("..").click();
  await row.getByRole("button", { name: /When the meeting ends/ }).click();
  await expect(row).toBeHidden();
  await invite(apiOf, team, unique("Newer"));
  await page.goto(`/${team.slug}/inbox?tab=snoozed`);
  await expect(row).toContainText("Back when the meeting ends");
  await page.goto(`/${team.slug}/inbox`);
  await expect(row).toHaveCount(0);

  const ada = await apiOf(team.ada);
  await expect.poll(async () => (await inboxAbout(ada, id)).length, { timeout: 90_000, intervals: [250] }).toBe(1);
  const lateMs = Date.now() - endsMs;
  test.info().annotations.push({ type: "lateness", description: `${lateMs} ms` });
  expect(lateMs).toBeGreaterThanOrEqual(0);
  await expect(row).toBeVisible();
  await expect(page.locator("[data-row-id]").first()).toContainText(title);
  await expect(row).not.toHaveAttribute("data-read");
});

test("a receipt says why, by which choice, and what the provider answered; nobody else can read it", async ({ team, apiOf, pageOf }) => {
  const title = unique("Receipt");
  const { receiverId } = await invite(apiOf, team, title);
  await mailTo(team.ada.email, { subject: title });
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/inbox`);
  const row = rowAbout(page, title);
  await row.getByText(/^Actions for/).locator("..").click();
  await row.getByRole("link", { name: "Why did I get this?" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Why did I get this?" })).toBeVisible();
  await expect(page.getByText("Somebody put you on the guest list of this meeting.")).toBeVisible();
  const mail = page.getByRole("region", { name: "E-mail" });
  await mail.getByText("1 attempt").click();
  await expect(mail.getByText("accepted", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "Push" }).getByRole("link", { name: /Set up a device/ })).toBeVisible();
  await expectGood(page, "en-receipt", true);
  const thread = page.getByRole("region", { name: "This subject" });
  await thread.getByRole("button", { name: "Mute this" }).click();
  await expect(thread.getByText(/^It is muted/)).toBeVisible();
  await thread.getByRole("button", { name: "Hear of it again" }).click();
  await expect(thread.getByRole("button", { name: "Mute this" })).toBeVisible();
  expect((await (await apiOf(team.ada)).get(`/api/notifications/${receiverId}/receipt`)).status()).toBe(200);
  expect((await (await apiOf(team.minjun)).get(`/api/notifications/${receiverId}/receipt`)).status()).toBe(404);
  await page.goto(`/${team.slug}/inbox/kept-out`);
  await expect(page.getByText("Nothing is kept out")).toBeVisible();
  await expectGood(page, "en-kept-out", true);
});

test("menus, earlier rows and the question for a time are good to use at any width", async ({ team, apiOf, pageOf }) => {
  const title = unique("Wide and narrow");
  const { receiverId } = await invite(apiOf, team, title);
  const page = await pageOf(team.ada);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`/${team.slug}/inbox`);
  await rowAbout(page, title).getByText(/^Actions for/).locator("..").click();
  await expectNoOverflow(page);
  await expectAccessible(page);
  await rowAbout(page, title).getByRole("link", { name: "Choose a time…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Date").fill("2020-01-01");
  await dialog.getByRole("button", { name: "Snooze" }).click();
  await expect(dialog.getByLabel("Date")).toHaveAccessibleDescription(/one minute to one year/);
  await expectAccessible(page);
  await page.goto(`/${team.slug}/inbox?tab=personal&kind=answers`);
  await expect(page.getByText("Nothing of this kind")).toBeVisible();
  await expectGood(page, "en-inbox-kind", true);
  expect(receiverId).not.toBe("");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("lines are read, put back and snoozed, and reading all is taken back", async ({ team, apiOf, page }) => {
    const title = unique("Plain line");
    const { receiverId } = await invite(apiOf, team, title);
    const ada = await apiOf(team.ada);
    const readAt = async () => (await inboxAbout(ada, meetingId))[0]?.readAt ?? null;
    const meetingId = (await (await ada.get(`/api/notifications/${receiverId}/receipt`)).json() as { subjectId: string }).subjectId;
    await page.context().addCookies(team.ada.state.cookies);
    await page.goto(`/${team.slug}/inbox`);
    await rowAbout(page, title).getByRole("button", { name: /^Mark read/ }).click();
    await expect(rowAbout(page, title)).toHaveAttribute("data-read");
    await rowAbout(page, title).locator("summary").click();
    await rowAbout(page, title).getByRole("button", { name: "Mark unread" }).click();
    await expect(rowAbout(page, title)).not.toHaveAttribute("data-read");
    expect(await readAt()).toBeNull();
    await rowAbout(page, title).locator("summary").click();
    await rowAbout(page, title).getByRole("button", { name: "Mute this" }).click();
    await expect(rowAbout(page, title)).toContainText("Muted");
    await page.getByRole("button", { name: "Mark all read" }).click();
    await expect(page.getByText("Everything you could see here is marked as read.")).toBeVisible();
    expect(await readAt()).not.toBeNull();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(rowAbout(page, title)).not.toHaveAttribute("data-read");
    expect(await readAt()).toBeNull();
    await rowAbout(page, title).locator("summary").click();
    await rowAbout(page, title).getByRole("link", { name: "Choose a time…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Snooze" }).click();
    await expect(page).toHaveURL(new RegExp(`/${team.slug}/inbox$`));
    await expect(rowAbout(page, title)).toHaveCount(0);
    await page.goto(`/${team.slug}/inbox?tab=snoozed`);
    await rowAbout(page, title).locator("summary").click();
    await rowAbout(page, title).getByRole("button", { name: "Wake now" }).click();
    await expect(rowAbout(page, title)).toHaveCount(0);
    expect(await inboxAbout(ada, meetingId)).toHaveLength(1);
  });
});

test("pages of the inbox neither skip nor repeat, also when something arrives between them", async ({ team, apiOf }) => {
  const ada = await apiOf(team.ada);
  const minjun = await apiOf(team.minjun);
  const ids: string[] = [];
  const tell = async (title: string) => {
    const meeting = await book(ada, { title: unique(title), attendees: [{ email: team.minjun.email }] });
    await expect.poll(async () => (await inboxAbout(minjun, meeting.id)).length).toBe(1);
    return meeting.id;
  };
  for (const title of ["One", "Two", "Three", "Four"]) ids.push(await tell(title));

  const pageFrom = async (cursor: string | null) => {
    const query = new URLSearchParams({ limit: "2", ...(cursor && { cursor }) });
    return (await (await minjun.get(`/api/notifications?${query}`)).json()) as { notifications: InboxRow[]; nextCursor: string | null };
  };
  const first = await pageFrom(null);
  await tell("Between");
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
