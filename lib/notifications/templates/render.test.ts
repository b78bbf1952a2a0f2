import { describe, expect, test } from "vitest";
import { convert } from "html-to-text";
import { locales } from "@/lib/platform/i18n/locales";
import { bundleTypes, catalog, notificationTypes } from "../catalog";
import { categories } from "../inputs";
import type { BundleItem, Content, MeetingContent } from "./content";
import { isPluginType, pluginTypes, type PluginType } from "../plugin-events/rules";
import { inboxLine } from "./inbox-line";
import type { Matter } from "./matter";
import { happeningOf } from "./plugin-words";
import { pushWords } from "./push";
import { readerOf } from "./reader";
import { renderMail } from "./render";
import { templates } from "./templates";

Object.assign(process.env, {
  APP_URL: "https://moim.example",
  DATABASE_URL: "postgres://unused",
  NEXTAUTH_SECRET: "a-session-secret-of-the-tests",
  LINK_SECRET: "a-link-secret-of-the-tests", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  RESEND_API_KEY: "re_test",
  PUSHER_APP_ID: "1",
  PUSHER_KEY: "key",
  PUSHER_SECRET: "secret",
});

const meeting: MeetingContent["meeting"] = {
  id: "mtg_1",
  title: "Budget <b>2031</b> & co",
  description: "First line\nSecond <script>line</script>",
  startsAt: new Date("2031-03-30T00:30:00Z"),
  endsAt: new Date("2031-03-30T01:30:00Z"),
  timeZone: "Europe/Paris",
  location: "Salle «Bleue»",
  joinUrl: "https://call.example/x?a=1&b=2",
  cancelReason: "Ada is ill",
  organizer: { name: "Ada", email: "ada@here.example" },
  organizationName: "Here",
  organizationSlug: "here",
};
const data: MeetingContent = {
  meeting,
  attendee: { email: "guest@out.example", name: "Guest", memberId: null, partstat: "needs-action" },
  everyone: [
    { name: "Ada", email: "ada@here.example", partstat: "accepted", isOrganizer: true },
    ...Array.from({ length: 500 }, (_, index) => ({ name: `Person ${index}`, email: `p${index}@x.example`, partstat: "declined" as const, isOrganizer: false })),
  ],
  rsvpToken: "token",
  calendar: { method: "REQUEST", content: "BEGIN:VCALENDAR" },
};
const before = { title: "Budget", description: "", startsAt: "2031-03-29T10:00:00.000Z", endsAt: "2031-03-29T11:00:00.000Z", timeZone: "Europe/Paris", location: "Salle Rouge", joinUrl: null };

/** What the catalog keeps of an event of each type, or at least the most that any template reads. */
const payload = {
  actor: { memberId: "mbr_1", name: "Bora <b>" },
  meeting: { ...meeting, startsAt: meeting.startsAt.toISOString(), endsAt: meeting.endsAt.toISOString() },
  before: { startsAt: "2031-03-29T00:30:00.000Z" },
  changes: ["time"],
  partstat: "accepted",
  comment: "I'll be <late>",
  organization: { name: "Here" },
  member: { id: "mbr_2", name: "Cyd" },
  device: { id: "dev_1", name: "Firefox" },
  address: "ada@here.example",
  publication: { id: "ntf_1", line: { en: "Release 2.4" }, push: { en: { title: "Release", body: "2.4 is out" } } },
};
const occurredAt = meeting.startsAt;

/** The same of an event at a linked service. */
const linked = {
  actor: payload.actor,
  connection: { id: "con_1", plugin: "jira", name: "Budget <i>site</i>" },
  title: "BUD-12 Budget <script>door</script>",
  url: "https://jira.example/browse/BUD-12?a=1&b=2",
  changes: [
    { field: "status", from: "To <b>do", to: "Done" },
    { field: "assignee", from: null, to: "Bora" },
    { field: "Story Points", from: "3", to: "5" },
    { field: "description", from: null, to: null },
  ],
  comment: "I'll be <late>",
  personally: null,
  subscriptions: [{ id: "sub_1", name: "Bugs <b>" }],
  endpoint: { id: "ept_1", name: "Budget robot", url: "https://hook.example/<x>" },
  accountName: "Bora <b>",
  cause: "failing",
  waiting: 3,
};

/** The same of the news. */
const written = {
  actor: payload.actor,
  article: {
    id: "art_1",
    title: "Budget <script>plans</script>",
    excerpt: "It <late> begins\nhere.",
    authorId: "mbr_1",
    authorName: "Bora <b>",
    feed: { id: "fed_1", name: null },
    workspace: { id: "wsp_1", name: "Budget <b>team" },
    elsewhere: false,
    cover: null,
  },
  comment: { id: "cmt_1", excerpt: "I'll be <late>" },
  mustRead: true,
};
const article = { id: "art_1", title: "Budget <script>plans</script>", excerpt: "It <late> begins\nhere.", authorName: "Bora <b>", workspaceName: "Budget <b>team", feedName: "Releases" };
const said = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    commentId: `cmt_${index}`,
    name: `Person ${index % 5}`,
    words: "I'll be <late>",
    at: meeting.startsAt,
    kind: (["added", "replied", "mentioned"] as const)[index % 3] ?? ("added" as const),
  }));

const kept = (type: string) => ({
  ...payload,
  ...(/^(jira|plugin|connection|account|subscription)\./.test(type) ? linked : {}),
  ...(/^(article|comment)\./.test(type) ? written : {}),
});
const matters = (type: PluginType, count: number): Matter[] => Array.from({ length: count }, () => ({ type, payload: linked, occurredAt }));
const happened = (type: PluginType, count: number) => Array.from({ length: count }, () => happeningOf({ payload: linked, occurredAt }, type));

function items(): BundleItem[] {
  return notificationTypes.map((type, index) => ({
    matter: { type, payload: kept(type), occurredAt },
    ...(isPluginType(type) ? { happened: matters(type, index) } : {}),
    category: categories[index % categories.length] ?? "changes",
    count: index + 1,
    subjectId: "mtg_1",
  }));
}

const contents: Content[] = [
  { template: "meeting-invited", data },
  { template: "meeting-updated", data: { ...data, before, changes: ["time", "place", "title", "description"] } },
  { template: "meeting-cancelled", data },
  { template: "meeting-removed", data },
  { template: "meeting-reminder", data: { ...data, minutesLeft: 30 } },
  {
    template: "meeting-answers",
    data: {
      meeting,
      answers: [{ name: null, email: "guest@out.example", partstat: "accepted", comment: "I'll be <late>", forStartsAt: meeting.startsAt }],
      totals: { "needs-action": 1, accepted: 2, tentative: 3, declined: 4 },
    },
  },
  { template: "member-joined", data: { memberName: "Bora <b>", memberEmail: "bora@x.example", organizationName: "Here", organizationSlug: "here" } },
  { template: "device-added", data: { deviceName: "Firefox · <Linux>", addedAt: meeting.startsAt, organizationName: "Here", organizationSlug: "here", email: "ada@here.example" } },
  {
    template: "notification-published",
    data: {
      publicationId: "ntf_1",
      words: {
        en: {
          subject: "Release <script>2.4</script>",
          body: "First paragraph.\n\nSecond <script>alert(1)</script>\nwith a line.",
          button: { label: "Read <b>more</b>", url: "https://x.example/?a=1&b=2" },
          line: "Release 2.4",
          push: { title: "Release", body: "2.4" },
        },
      },
      publisherName: "Ada",
      organizationName: "Here",
      organizationSlug: "here",
      isMember: true,
    },
  },
  ...(["issue-created", "issue-updated", "issue-deleted", "comment-created", "plugin-event"] as const).map(
    (template, index): Content => ({ template, data: { happened: happened(pluginTypes[index] ?? "plugin.event", 1 + index), subjectId: "con_1/BUD-12", organizationSlug: "here" } }),
  ),
  { template: "connection-broken", data: { connection: { id: "con_1", name: "Budget <b>site" }, cause: "grant", detail: "invalid <grant>", since: occurredAt, organizationName: "Here", organizationSlug: "here" } },
  { template: "article-published", data: { article, mustRead: { dueAt: meeting.startsAt }, organizationSlug: "here" } },
  { template: "article-mentioned", data: { article: { ...article, excerpt: "", feedName: null }, mustRead: null, actorName: "Bora <b>", organizationSlug: "here" } },
  { template: "acknowledgement-due", data: { article, mustRead: { dueAt: null }, organizationSlug: "here" } },
  { template: "comment-added", data: { article, said: said(30), why: "wrote", organizationSlug: "here" } },
  { template: "comment-replied", data: { article, said: said(2).slice(1), why: "replied", organizationSlug: "here" } },
  { template: "comment-mentioned", data: { article, said: said(3), why: "mentioned", organizationSlug: "here" } },
  { template: "account-unlinked", data: { accountName: "Bora <b>", detail: "revoked <x>", organizationName: "Here", organizationSlug: "here" } },
  {
    template: "subscription-paused",
    data: {
      endpoint: linked.endpoint,
      cause: "failing",
      detail: "500 <html>",
      event: "jira.issue.updated",
      payload: '{"type":"jira.issue.updated","data":"<script>"}',
      waiting: 3,
      organizationName: "Here",
      organizationSlug: "here",
    },
  },
  ...(["daily", "weekly", "released"] as const).map((kind): Content => ({ template: "bundle", data: { kind, organizationName: "Here", organizationSlug: "here", items: items() } })),
  { template: "member-invited", data: { inviterName: "Ada", organizationName: "Here", joinUrl: "https://moim.example/join/t", expiresAt: meeting.startsAt, email: "n@x.example" }, locale: "en" },
];
const profile = { locale: "en", timeZone: "Asia/Seoul" as string | null, hourCycle: "h23" as const };
const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu));

describe.each(contents.map((content) => ["kind" in content.data ? `${content.template} ${content.data.kind}` : content.template, content] as const))("%s", (template, content) => {
  test.each(locales)("says the same in HTML and in text, in %s, with nothing left untranslated or unescaped", async (locale) => {
    const mail = await renderMail("locale" in content ? { ...content, locale } : content, { ...profile, locale });
    const seen = words(convert(mail.html, { wordwrap: false }));
    const missing = [...words(mail.text)].filter((word) => !seen.has(word));
    expect(missing).toEqual([]);
    expect(`${mail.subject} ${mail.text}`).not.toMatch(/mail\.\w|\{\w+\}|undefined|null|Invalid/);
    expect(mail.html).not.toMatch(/<script>|<late>|<b>2031/);
    expect(mail.html).toMatch(new RegExp(`<html[^>]* lang="${locale}"`));
    expect(mail.html.length, "Gmail cuts a message above 102 kB").toBeLessThan(60_000);
    if (template.startsWith("meeting")) expect(mail.subject).toContain(meeting.title);
  });
});

describe("an invitation", () => {
  const invited = (more: Partial<typeof profile> = {}) => renderMail({ template: "meeting-invited", data }, { ...profile, ...more });

  test("names the time in the reader's zone first, then the organizer's, each with the offset of that day", async () => {
    const { text } = await invited();
    expect(text).toContain("Sunday, March 30, 2031, 09:30 – 10:30, Seoul (GMT+9)".replaceAll(" – ", "\u2009–\u2009"));
    expect(text).toContain("Paris (GMT+1)");
  });

  test("to somebody without an account, or in the organizer's own zone, names one time only", async () => {
    for (const timeZone of [null, "Europe/Paris", "Europe/Madrid"]) {
      const { text } = await invited({ timeZone });
      expect(text.match(/GMT/g)).toHaveLength(1);
    }
  });

  test("shortens a long list of people and counts the rest", async () => {
    const { text } = await invited();
    expect(text).toContain("500 guests:");
    expect(text).toContain("Person 19");
    expect(text).not.toContain("Person 20");
    expect(text).toContain("and 480 more");
  });

  test("has one button an answer, and a title with a line break stays one header line", async () => {
    const { html, subject } = await renderMail({ template: "meeting-invited", data: { ...data, meeting: { ...meeting, title: "A\r\nBcc: x@y.example" } } }, profile);
    for (const answer of ["accepted", "tentative", "declined"]) expect(html).toContain(`https://moim.example/rsvp/token?answer=${answer}`);
    expect(subject).not.toMatch(/[\r\n]/);
  });
});

test("a change shows what was and what is, in words as well as struck through", async () => {
  const { html, text } = await renderMail(contents[1] ?? { template: "meeting-invited", data }, { ...profile, timeZone: null });
  expect(text).toContain("Before: Budget");
  expect(text).toContain("Before: Salle Rouge");
  expect(html).toMatch(/Before:[^<]*(?:<!-- -->)?[^<]*<s>Salle Rouge<\/s>/);
});

test("a reminder that left late says how little is left", async () => {
  const late = await renderMail({ template: "meeting-reminder", data: { ...data, minutesLeft: 4 } }, profile);
  expect(late.subject).toContain("Starts in 4 min");
  const now = await renderMail({ template: "meeting-reminder", data: { ...data, minutesLeft: 0 } }, profile);
  expect(now.subject).toContain("Starts now");
});

describe("every type of notification", () => {
  const types = [...notificationTypes, ...bundleTypes];
  const matterOf = (type: Matter["type"]): Matter => ({ type, payload: kept(type), occurredAt, gathered: items().map(({ matter }) => matter) });

  test.each(types.flatMap((type) => locales.map((locale) => [type, locale] as const)))("%s has an inbox line and a push in %s", async (type, locale) => {
    const reader = await readerOf({ ...profile, locale, timeZone: "Asia/Seoul" });
    const words = pushWords(matterOf(type), reader);
    for (const said of [inboxLine(matterOf(type), reader), words.title, words.body, words.discreet]) {
      expect(said.trim()).not.toBe("");
      expect(said).not.toMatch(/(push|notifications)\.\w|\{\w+\}|undefined|null|Invalid/);
    }
    // What is kept off a lock screen must not say who or what.
    expect(words.discreet).not.toMatch(/Bora|Budget|Firefox|ada@|begins/);
  });

  test("that may travel by mail has a mail, and what has a mail is shown above in three languages", () => {
    const byMail = catalog.filter(({ type }) => type !== "mail.stopped" && type !== "article.liked").map(({ type }) => type);
    for (const type of [...byMail, ...bundleTypes]) expect(templates[type].mail, type).not.toBeNull();
    const shown = new Set(contents.map(({ template }) => template));
    const withMail = types.filter((type) => templates[type].mail !== null && !type.startsWith("bundle."));
    expect(shown.size).toBe(withMail.length + 1);
  });

  test("makes do with what an older event kept", async () => {
    const reader = await readerOf({ ...profile, timeZone: "UTC" });
    for (const type of types) for (const kept of [{}, { meeting: "x", actor: null, publication: { id: 1 } }]) expect(() => pushWords({ type, payload: kept, occurredAt }, reader)).not.toThrow();
  });
});

describe("a push", () => {
  test("of a change of time says the new one and the old one in the reader's zone", async () => {
    const words = pushWords({ type: "meeting.updated", payload, occurredAt }, await readerOf({ ...profile, timeZone: "Asia/Seoul" }));
    expect(words.body).toBe("Now Sun, Mar 30, 09:30, before Sat, Mar 29, 09:30");
  });

  test("is cut between characters, never within one", async () => {
    const long = { ...payload, meeting: { ...payload.meeting, title: "👩‍👩‍👧😀".repeat(400) } };
    const { title } = pushWords({ type: "meeting.invited", payload: long, occurredAt }, await readerOf({ ...profile, timeZone: "UTC" }));
    expect([...title].length).toBeLessThanOrEqual(120);
    expect(title).not.toMatch(/\p{Cs}/u);
  });

  test("of a bundle counts what it gathers and names the first", async () => {
    const words = pushWords({ type: "bundle.released", payload: {}, occurredAt, gathered: items().slice(0, 5).map(({ matter }) => matter) }, await readerOf({ ...profile, timeZone: "UTC" }));
    expect(words.title).toBe("While it was quiet: 5 notifications");
    expect(words.body.split("\n")).toHaveLength(4);
    expect(words.body).toContain("and 2 more");
  });
});

describe("a digest", () => {
  const digest = (count: number) => renderMail({ template: "bundle", data: { kind: "daily", organizationName: "Here", organizationSlug: "here", items: Array.from({ length: count }, () => items()[0]).flatMap((item) => item ?? []) } }, { ...profile, timeZone: "Asia/Seoul" });

  test("says how many, when in the reader's zone, and leads to each thing", async () => {
    const mail = await digest(3);
    expect(mail.subject).toBe("Your day at Here: 3 notifications");
    expect(mail.text).toContain("https://moim.example/here/meetings/mtg_1");
    expect(mail.text).toContain("Sun, Mar 30, 09:30");
  });

  test("of a thousand things stays a mail", async () => {
    const mail = await digest(1000);
    expect(mail.html.length).toBeLessThan(100_000);
    expect(mail.text).toContain("and 960 more");
  });
});

test("a publication says nothing to people outside that only members can open", async () => {
  const published = contents.find((content) => content.template === "notification-published");
  if (published?.template !== "notification-published") throw new Error("no publication");
  const inside = await renderMail(published, profile);
  const outside = await renderMail({ ...published, data: { ...published.data, isMember: false } }, profile);
  expect(inside.text).toContain("https://moim.example/here/announcements/ntf_1");
  expect(outside.text).not.toContain("announcements");
});
