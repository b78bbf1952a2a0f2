import { describe, expect, test } from "vitest";
import { convert } from "html-to-text";
import { locales } from "@/lib/platform/i18n/locales";
import type { Content, MeetingContent } from "./content";
import { renderMail } from "./render";

Object.assign(process.env, {
  APP_URL: "https://moim.example",
  DATABASE_URL: "postgres://unused",
  NEXTAUTH_SECRET: "a-session-secret-of-the-tests",
  LINK_SECRET: "a-link-secret-of-the-tests",
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
  { template: "member-invited", data: { inviterName: "Ada", organizationName: "Here", joinUrl: "https://moim.example/join/t", expiresAt: meeting.startsAt, email: "n@x.example" }, locale: "en" },
];
const profile = { locale: "en", timeZone: "Asia/Seoul" as string | null, hourCycle: "h23" as const };
const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu));

describe.each(contents.map((content) => [content.template, content] as const))("%s", (template, content) => {
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
