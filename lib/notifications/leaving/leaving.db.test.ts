import { and, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startMail } from "@/local/mail/server";
import { clock } from "@/lib/platform/clock";
import { inTenant, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import { parseInput } from "@/lib/platform/validation";
import { subjects } from "@/inngest/subjects";
import { cancelMeeting, changeMeeting, scheduleMeeting } from "@/lib/meetings/commands";
import { changeMeetingInput, scheduleMeetingInput } from "@/lib/meetings/inputs";
import type { Member } from "@/lib/organizations/actor";
import { removeMember } from "@/lib/organizations/membership/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { fanOut } from "../fan-out/commands";
import type { Category, PreferenceValue } from "../inputs";
import { preferences } from "../preferences/tables";
import { channels } from "../registry";
import { deliver } from "../sending/commands";
import { deliveries, notifications } from "../tables";
import { deliveryRows, eventsAbout, mailFolder } from "../testing";
import { leave, muteByLink, returnTo } from "./commands";
import { leaveOffer, muteOffer, waysOut, type OutgoingMail } from "./queries";

// Next's own `after` works inside a request only; nothing here needs what it does.
vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

const apiKey = "re_test_key";
const engine = await startMail({ port: 0, apiKey, dataDir: await mailFolder() });
useTestDatabase({ RESEND_BASE_URL: engine.url, RESEND_API_KEY: apiKey, MEETING_MERGE_SECONDS: "60" });
afterAll(() => engine.close());

interface Stored {
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}
const mailsTo = async (address: string) => ((await (await fetch(`${engine.url}/messages?to=${encodeURIComponent(address)}`)).json()) as Stored[]).reverse();

let ada: Member;
let route: typeof import("@/app/api/unsubscribe/[token]/route");
beforeAll(async () => {
  ada = (await foundOrganization("ada@leaving.example", "Leaving")).owner;
  route = await import("@/app/api/unsubscribe/[token]/route");
});

let serial = 0;
const guest = () => `guest${(serial += 1)}@out.example`;
const newMember = () => joinAs(ada, `member${(serial += 1)}@leaving.example`);

async function book(...attendees: object[]): Promise<string> {
  const input = { title: "Plan", startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees };
  const { meetingId } = await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input));
  await deliverAll(meetingId);
  return meetingId;
}
const fanOutAll = async (id: string) => {
  for (const { name, envelope } of await eventsAbout(id)) await fanOut(systemTenant(envelope.organizationId), name, envelope);
};
async function deliverAll(id: string): Promise<void> {
  await fanOutAll(id);
  await clock.at(new Date(clock.nowMs() + 61_000), async () => {
    await deliver(systemTenant(ada.organizationId), channels.email, (await deliveryRows(id)).map((row) => row.id), subjects);
  });
}
const move = (id: string, day: string) =>
  changeMeeting(ada, id, parseInput(changeMeetingInput, { startsAt: `2031-03-${day}T01:00:00Z`, endsAt: `2031-03-${day}T02:00:00Z` }));

const linkIn = (mail: Stored | undefined, path: string) => new RegExp(`http://localhost:3000(${path}[\\w.-]+)`).exec(mail?.text ?? "")?.[1] ?? "";
const tokenOf = (mail: Stored | undefined, path: string) => linkIn(mail, path).slice(path.length);

const post = (token: string, headers: Record<string, string> = {}) =>
  route.POST(
    new Request(`http://localhost:3000/api/unsubscribe/${token}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: "List-Unsubscribe=One-Click",
    }),
    { params: Promise.resolve({ token }) },
  );

/** A token as a mail of this kind would carry it. */
async function tokenFor(member: Member | string, type: OutgoingMail["type"], category: Category): Promise<string> {
  const mail = { id: "one", type, category, thread: "mtg_x", memberId: typeof member === "string" ? null : member.id, address: typeof member === "string" ? member : member.email };
  const url = (await waysOut(ada, [mail])).get("one")?.unsubscribe?.pageUrl;
  return url?.split("/unsubscribe/")[1] ?? "";
}

const choose = (member: Member, category: Category, value: PreferenceValue, workspaceId: string | null = null) =>
  inTenant(member, (tx) => tx.insert(preferences).values({ organizationId: member.organizationId, memberId: member.id, workspaceId, category, channel: "email", value }));
const chosen = async (member: Member) =>
  Object.fromEntries(
    (await inTenant(member, (tx) => tx.select().from(preferences).where(eq(preferences.memberId, member.id)))).map((row) => [
      row.workspaceId ? `${row.category} in ${row.workspaceId}` : row.category,
      row.value,
    ]),
  );

/** A mail to a member as fan-out and releases leave it. */
async function waiting(member: Member, category: Category, row: Partial<typeof deliveries.$inferInsert>, type = "meeting.updated"): Promise<string> {
  const { organizationId } = member;
  const subjectId = newId("meeting");
  return inTenant(member, async (tx) => {
    const [notification] = await tx.insert(notifications).values({ organizationId, eventId: subjectId, type, category, subjectId, thread: subjectId, payload: {}, occurredAt: clock.now() }).returning();
    const [delivery] = await tx
      .insert(deliveries)
      .values({ organizationId, notificationId: notification?.id ?? "", channel: "email", recipient: member.id, memberId: member.id, deliverAfter: clock.now(), createdAt: clock.now(), ...row })
      .returning();
    return delivery?.id ?? "";
  });
}
async function deliveryOf(id: string) {
  const [row] = await inTenant(ada, (tx) => tx.select().from(deliveries).where(eq(deliveries.id, id)));
  if (!row) throw new Error(`no delivery ${id}`);
  return row;
}

describe("a bulk mail", () => {
  test("names where one POST ends it, and shows the same way out to people", async () => {
    const address = guest();
    const id = await book({ email: address });
    await move(id, "04");
    await deliverAll(id);
    const [invitation, update] = await mailsTo(address);
    expect(update?.headers["List-Unsubscribe"]).toMatch(/^<http:\/\/localhost:3000\/api\/unsubscribe\/[\w.-]+>$/);
    expect(update?.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
    for (const form of [update?.text, update?.html]) expect(form).toContain(linkIn(update, "/unsubscribe/"));
    expect(update?.headers["List-Unsubscribe"]).toContain(tokenOf(update, "/unsubscribe/"));
    expect(invitation?.headers).not.toHaveProperty("List-Unsubscribe");
    expect(invitation?.text).not.toContain("/unsubscribe/");
    for (const mail of [invitation, update]) for (const form of [mail?.text, mail?.html]) expect(form).toContain(linkIn(mail, "/mute/"));
  });

  test("of one meeting stands in one thread of a mail program", async () => {
    const address = guest();
    const id = await book({ email: address });
    await move(id, "04");
    await deliverAll(id);
    const roots = new Set((await mailsTo(address)).map(({ headers }) => headers.References));
    expect([...roots]).toEqual([`<${id}@localhost>`]);
  });

  test("to a member leads to their settings, too", async () => {
    const bora = await newMember();
    await book({ memberId: bora.id });
    expect((await mailsTo(bora.email))[0]?.text).toContain(`http://localhost:3000/${ada.organizationSlug}/settings/notifications`);
  });

  test.each([
    ["invitations", "meeting.invited", false],
    ["security", "device.added", false],
    ["announcements", "notification.published", true],
    ["membership", "member.joined", true],
    ["reminders", "meeting.reminder", true],
    ["security", "bundle.daily", true],
  ] as const)("%s by %s: %s", async (category, type, carries) => {
    expect((await tokenFor(guest(), type, category)) !== "").toBe(carries);
  });
});

describe("the POST of a mailbox provider", () => {
  test("acts at once, without cookie, login or redirect, and however often it comes", async () => {
    const address = guest();
    const token = await tokenFor(address, "meeting.updated", "changes");
    for (let time = 0; time < 2; time += 1) {
      const response = await post(token);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ unsubscribed: true });
    }
    expect(await leaveOffer(token)).toMatchObject({ left: true, address });
  });

  test("may come from any site: the token is the proof", async () => {
    expect((await post(await tokenFor(guest(), "meeting.updated", "changes"), { origin: "https://mail.example" })).status).toBe(200);
  });

  test("with an altered token changes nothing", async () => {
    const token = await tokenFor(guest(), "meeting.updated", "changes");
    const response = await post(`${token.slice(0, -2)}AA`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "LINK_INVALID" });
  });

  test("cannot be made of another link's token", async () => {
    const address = guest();
    await book({ email: address });
    const [mail] = await mailsTo(address);
    for (const path of ["/mute/", "/rsvp/"]) expect((await post(tokenOf(mail, path))).status).toBe(404);
  });

  test("GET only shows: it leads to the page and stops nothing", async () => {
    const token = await tokenFor(guest(), "meeting.updated", "changes");
    const response = await route.GET(new Request(`http://localhost:3000/api/unsubscribe/${token}`), { params: Promise.resolve({ token }) });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`/unsubscribe/${token}`);
    expect(await leaveOffer(token)).toMatchObject({ left: false });
  });
});

describe("who leaves a category", () => {
  test("as a guest gets no more of it, but every other mail, invitations first", async () => {
    const address = guest();
    const id = await book({ email: address });
    await move(id, "04");
    await deliverAll(id);
    await post(tokenOf((await mailsTo(address))[1], "/unsubscribe/"));
    await move(id, "05");
    await deliverAll(id);
    await book({ email: address });
    expect((await mailsTo(address)).map(({ subject }) => subject.split(":")[0])).toEqual(["Invitation", "Changed", "Invitation"]);
    expect((await deliveryRows(id)).at(-1)).toMatchObject({ state: "skipped", reason: "off" });
  });

  test("does not leave it elsewhere: another organization still writes", async () => {
    const address = guest();
    await leave(await tokenFor(address, "meeting.updated", "changes"));
    const other = (await foundOrganization("sid@elsewhere.example", "Elsewhere")).owner;
    const { leftCategories } = await import("../addresses/queries");
    expect(await leftCategories(other, [address])).toEqual(new Map());
    expect((await leftCategories(ada, [address.toUpperCase()])).get(address)).toEqual(new Set(["changes"]));
  });

  test("as a member has switched it off for mail, and for nothing else", async () => {
    const bora = await newMember();
    await leave(await tokenFor(bora, "meeting.reminder", "reminders"));
    expect(await chosen(bora)).toEqual({ reminders: "off" });
    expect(await leaveOffer(await tokenFor(bora, "meeting.updated", "changes"))).toMatchObject({ left: false });
  });

  test("as a member leaves it in each workspace where they had chosen otherwise", async () => {
    const bora = await newMember();
    const { createWorkspace } = await import("@/lib/organizations/commands");
    const { workspaceId } = await createWorkspace(ada, `Place ${(serial += 1)}`);
    await choose(bora, "announcements", "on", workspaceId);
    const token = await tokenFor(bora, "notification.published", "announcements");
    const former = await leave(token);
    expect(await chosen(bora)).toEqual({ announcements: "off", [`announcements in ${workspaceId}`]: "off" });
    await returnTo(token, former);
    expect(await chosen(bora)).toEqual({ [`announcements in ${workspaceId}`]: "on" });
  });

  test("gets nothing that was already waiting to be sent", async () => {
    const bora = await newMember();
    const id = await book({ memberId: bora.id });
    await move(id, "04");
    await fanOutAll(id);
    expect((await deliveryRows(id)).at(-1)).toMatchObject({ state: "pending" });
    await leave(await tokenFor(bora, "meeting.updated", "changes"));
    expect((await deliveryRows(id)).at(-1)).toMatchObject({ state: "skipped", reason: "off" });
    await deliverAll(id);
    expect(await mailsTo(bora.email)).toHaveLength(1);
  });

  test("still gets what was gathered with it, unless all of that was left", async () => {
    const bora = await newMember();
    const bundle = async (...covered: Category[]) => {
      const id = await waiting(bora, "changes", { state: "pending" }, "bundle.released");
      for (const category of covered) await waiting(bora, category, { state: "merged", reason: id });
      return id;
    };
    const [mixed, alike] = [await bundle("changes", "answers"), await bundle("changes", "changes")];
    await leave(await tokenFor(bora, "meeting.updated", "changes"));
    expect(await deliveryOf(mixed)).toMatchObject({ state: "pending" });
    expect(await deliveryOf(alike)).toMatchObject({ state: "skipped", reason: "off" });
  });

  test("twice at once remembers what was before, not the first click's result", async () => {
    const bora = await newMember();
    await choose(bora, "changes", "weekly");
    const token = await tokenFor(bora, "meeting.updated", "changes");
    const answers = await Promise.all([leave(token), leave(token)]);
    expect(answers.flat().map(({ value }) => value).sort()).toEqual(["off", "weekly"]);
  });
});

describe("taking it back", () => {
  test("restores what was chosen", async () => {
    const bora = await newMember();
    await choose(bora, "changes", "weekly");
    const token = await tokenFor(bora, "meeting.updated", "changes");
    await returnTo(token, await leave(token));
    expect(await chosen(bora)).toEqual({ changes: "weekly" });
  });

  test("much later brings the mails back, whatever was chosen before", async () => {
    const bora = await newMember();
    const token = await tokenFor(bora, "meeting.updated", "changes");
    await leave(token);
    await returnTo(token, []);
    expect(await chosen(bora)).toEqual({});
    expect(await leaveOffer(token)).toMatchObject({ left: false });
  });

  test("brings mails back although the organization's own default is none", async () => {
    const bora = await newMember();
    await choose(bora, "membership", "on");
    const token = await tokenFor(bora, "member.joined", "membership");
    await leave(token);
    await returnTo(token, []);
    expect(await chosen(bora)).toEqual({ membership: "on" });
  });

  test("as a guest lets mails come again", async () => {
    const address = guest();
    const token = await tokenFor(address, "meeting.updated", "changes");
    await leave(token);
    await returnTo(token, []);
    expect(await leaveOffer(token)).toMatchObject({ left: false });
  });

  test("touches no category that the link does not speak for, whatever the form says", async () => {
    const bora = await newMember();
    await choose(bora, "reminders", "off");
    const token = await tokenFor(bora, "meeting.updated", "changes");
    await leave(token);
    await returnTo(token, [{ category: "reminders", workspaceId: null, value: "on" }]);
    expect(await chosen(bora)).toEqual({ reminders: "off" });
  });
});

describe("who leaves a digest", () => {
  test("gets none of what was in it, keeps what was not, and gets what is addressed to them at once again", async () => {
    const bora = await newMember();
    await choose(bora, "changes", "daily");
    await choose(bora, "invitations", "daily");
    await choose(bora, "mentions", "daily");
    await choose(bora, "answers", "weekly");
    const token = await tokenFor(bora, "bundle.daily", "changes");
    const former = await leave(token);
    expect(await chosen(bora)).toEqual({ changes: "off", issues: "off", news: "off", invitations: "on", mentions: "on", answers: "weekly" });
    expect(await leaveOffer(token)).toMatchObject({ left: true, scope: { digest: "daily" } });
    await returnTo(token, former);
    expect(await chosen(bora)).toEqual({ changes: "daily", invitations: "daily", mentions: "daily", answers: "weekly" });
  });

  test("takes back what was in it, and nothing else, whatever the form says", async () => {
    const bora = await newMember();
    await choose(bora, "changes", "daily");
    await choose(bora, "reminders", "off");
    const token = await tokenFor(bora, "bundle.daily", "changes");
    const former = await leave(token);
    const elsewhere = await foundOrganization(`stranger${(serial += 1)}@elsewhere.example`, "Elsewhere");
    await returnTo(token, [
      { category: "reminders", workspaceId: null, value: "on" },
      { category: "answers", workspaceId: null, value: "weekly" },
      { category: "changes", workspaceId: elsewhere.workspaceId, value: "daily" },
      { category: "changes", workspaceId: "\u0000", value: "daily" },
      ...former,
      ...former,
    ]);
    expect(await chosen(bora)).toEqual({ changes: "daily", reminders: "off" });
  });

  test("hears at once of what was gathered and is now to come by itself, on the way out and on the way back", async () => {
    const bora = await newMember();
    const gathered = { hold: "daily", state: "held" } as const;
    const tomorrow = new Date(clock.nowMs() + 86_400_000);
    await choose(bora, "invitations", "daily");
    const invited = await waiting(bora, "invitations", { ...gathered, deliverAfter: tomorrow });
    const token = await tokenFor(bora, "bundle.daily", "changes");
    await leave(token);
    expect((await deliveryOf(invited)).deliverAfter.getTime()).toBeLessThanOrEqual(clock.nowMs());

    const cyd = await newMember();
    await choose(cyd, "changes", "off");
    const changed = await waiting(cyd, "changes", { ...gathered, deliverAfter: tomorrow });
    await returnTo(await tokenFor(cyd, "meeting.updated", "changes"), []);
    expect((await deliveryOf(changed)).deliverAfter.getTime()).toBeLessThanOrEqual(clock.nowMs());
  });

  test("that the organization chose for everybody leaves it, too", async () => {
    const founder = (await foundOrganization("eve@digests.example", "Digests")).owner;
    await inTenant(founder, (tx) => tx.insert(preferences).values({ organizationId: founder.organizationId, memberId: null, workspaceId: null, category: "changes", channel: "email", value: "daily" }));
    const mail = { id: "one", type: "bundle.daily" as const, category: "changes" as const, thread: "t", memberId: founder.id, address: founder.email };
    const token = (await waysOut(founder, [mail])).get("one")?.unsubscribe?.pageUrl.split("/unsubscribe/")[1] ?? "";
    await leave(token);
    expect(await chosen(founder)).toEqual({ changes: "off", issues: "off", news: "off" });
    expect(await inTenant(founder, (tx) => tx.select().from(preferences).where(and(isNull(preferences.memberId), eq(preferences.value, "daily"))))).toHaveLength(1);
  });
});

describe("who mutes a meeting", () => {
  test("hears of no change any more, but of its end", async () => {
    const address = guest();
    const id = await book({ email: address });
    const token = tokenOf((await mailsTo(address))[0], "/mute/");
    expect(await muteOffer(token)).toMatchObject({ title: "Plan", muted: false, isMember: false });
    await muteByLink(token, "mute");
    expect(await muteOffer(token)).toMatchObject({ muted: true });
    await move(id, "04");
    await deliverAll(id);
    expect((await deliveryRows(id)).at(-1)).toMatchObject({ state: "skipped", reason: "thread-muted" });
    await cancelMeeting(ada, id, {});
    await deliverAll(id);
    expect((await mailsTo(address)).map(({ subject }) => subject.split(":")[0])).toEqual(["Invitation", "Cancelled"]);
  });

  test("still hears of every other meeting, and of this one again after unmuting, what was missed included", async () => {
    const address = guest();
    const id = await book({ email: address });
    const token = tokenOf((await mailsTo(address))[0], "/mute/");
    await muteByLink(token, "mute");
    await book({ email: address });
    await move(id, "04");
    await deliverAll(id);
    await muteByLink(token, "unmute");
    await move(id, "05");
    await deliverAll(id);
    expect((await mailsTo(address)).map(({ subject }) => subject.split(":")[0])).toEqual(["Invitation", "Invitation", "Changed"]);
  });

  test("as a member is spared what was already waiting", async () => {
    const bora = await newMember();
    const id = await book({ memberId: bora.id });
    await move(id, "04");
    await fanOutAll(id);
    await muteByLink(tokenOf((await mailsTo(bora.email))[0], "/mute/"), "mute");
    await deliverAll(id);
    expect(await mailsTo(bora.email)).toHaveLength(1);
  });
});

test("the links of somebody who was removed show and do nothing", async () => {
  const bora = await newMember();
  const token = await tokenFor(bora, "meeting.updated", "changes");
  await removeMember(ada, bora.id);
  await expect(leaveOffer(token)).rejects.toMatchObject({ code: "LINK_INVALID" });
  await expect(leave(token)).rejects.toMatchObject({ code: "LINK_INVALID" });
});

test("links work for two years", async () => {
  const token = await tokenFor(guest(), "meeting.updated", "changes");
  await clock.at(new Date(clock.nowMs() + 729 * 86_400_000), () => leave(token));
  await clock.at(new Date(clock.nowMs() + 731 * 86_400_000), () => expect(leave(token)).rejects.toMatchObject({ code: "LINK_EXPIRED" }));
});
