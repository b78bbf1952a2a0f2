import ICAL from "ical.js";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { hello, mailUnderTest } from "./testing";

const ics = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//Moim//EN",
  "METHOD:REQUEST",
  "BEGIN:VEVENT",
  "UID:mtg_1@moim.test",
  "SEQUENCE:2",
  "DTSTAMP:20260101T000000Z",
  "DTSTART;TZID=Asia/Seoul:20260108T100000",
  "DTEND;TZID=Asia/Seoul:20260108T110000",
  "SUMMARY:분기 계획",
  "ORGANIZER;CN=Mina:mailto:mina@example.com",
  "ATTENDEE;CN=Jo;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT:mailto:jo@example.com",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

const invitation = {
  ...hello,
  from: "모임 <hello@moim.test>",
  to: ["Jo <jo@example.com>"],
  bcc: "secret@example.com",
  replyTo: "mina@example.com",
  subject: "초대: 분기 계획",
  html: '<p>Hello <img src="cid:logo"></p>',
  text: "Hello",
  headers: { "X-Moim-Event": "evt_1", "List-Unsubscribe": "<https://moim.test/u>" },
  attachments: [
    { filename: "invite.ics", content: Buffer.from(ics), contentType: "text/calendar; charset=utf-8; method=REQUEST" },
    { filename: "logo.png", content: Buffer.from([1, 2, 3]), contentId: "logo" },
  ],
};

/** The content types of the tree, in order: what a mail program walks. */
const typesOf = (raw: string): string[] =>
  [...raw.matchAll(/^Content-Type: ([\w/.-]+)/gim)].flatMap((match) => match[1] ?? []);

describe("the message as it travels", () => {
  it("offers the calendar as third alternative and as attachment, and an iCalendar library reads it", async () => {
    const { engine, resend } = await mailUnderTest();
    const sent = await resend.emails.send(invitation);
    const response = await fetch(`${engine.url}/messages/${sent.data?.id}/raw`);
    expect(response.headers.get("content-type")).toBe("message/rfc822");
    const raw = await response.text();
    expect(typesOf(raw)).toEqual([
      "multipart/mixed",
      "multipart/alternative",
      "text/plain",
      "multipart/related",
      "text/html",
      "image/png",
      "text/calendar",
      "text/calendar",
    ]);
    expect(raw).toMatch(/Content-Type: text\/calendar; charset=utf-8; method=REQUEST\r\n/);
    expect(raw).not.toMatch(/[^\r]\n/);

    const mail = await PostalMime.parse(raw);
    expect(mail.subject).toBe("초대: 분기 계획");
    expect(mail.from).toMatchObject({ name: "모임", address: "hello@moim.test" });
    expect(mail.replyTo).toMatchObject([{ address: "mina@example.com" }]);
    expect(mail.messageId).toBe(`<${sent.data?.id}@moim.test>`);
    expect(mail.headers).toContainEqual(expect.objectContaining({ key: "x-moim-event", value: "evt_1" }));
    expect(mail.text?.trim()).toBe("Hello");
    expect(raw).not.toContain("secret@example.com");

    const calendars = mail.attachments.filter(({ mimeType }) => mimeType === "text/calendar");
    expect(calendars).toHaveLength(2);
    // Byte for byte, twice: the line ends of a calendar are CRLF wherever it passes through.
    expect(raw.replaceAll("\r\n", "").split(Buffer.from(ics).toString("base64"))).toHaveLength(3);
    for (const { content } of calendars) {
      const text = typeof content === "string" ? content : new TextDecoder().decode(content);
      const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
      expect(calendar.getFirstPropertyValue("method")).toBe("REQUEST");
      expect(calendar.getFirstSubcomponent("vevent")?.getFirstPropertyValue("summary")).toBe("분기 계획");
    }
  });

  it("shows tests and the page the calendar as text and as what it says", async () => {
    const { engine, resend, messages } = await mailUnderTest();
    const sent = await resend.emails.send(invitation);
    expect((await messages("?to=jo@example.com"))[0]?.calendar).toBe(ics);
    expect(await (await fetch(`${engine.url}/messages/${sent.data?.id}`)).json()).toMatchObject({
      calendarSummary: {
        method: "REQUEST",
        problem: null,
        events: [
          {
            uid: "mtg_1@moim.test",
            sequence: 2,
            summary: "분기 계획",
            start: "2026-01-08T10:00:00",
            timeZone: "Asia/Seoul",
            organizer: "mina@example.com",
            attendees: [{ address: "jo@example.com", name: "Jo", partstat: "NEEDS-ACTION" }],
          },
        ],
      },
    });
  });

  it("says why a calendar part cannot be read instead of failing", async () => {
    const { engine, resend } = await mailUnderTest();
    const attachments = [{ filename: "invite.ics", content: Buffer.from("BEGIN:VEVENT\r\nnonsense") }];
    const sent = await resend.emails.send({ ...hello, attachments });
    const detail = await (await fetch(`${engine.url}/messages/${sent.data?.id}`)).json();
    expect(detail).toMatchObject({ calendarSummary: { events: [], problem: expect.any(String) } });
  });

  it("makes the text from the HTML when none is given, and none when an empty one is", async () => {
    const { resend, messages, engine } = await mailUnderTest();
    const made = await resend.emails.send(hello);
    expect((await messages())[0]?.text).toBe("Hello Mina");
    expect((await resend.emails.get(made.data?.id ?? "")).data?.text).toBeNull();
    const none = await resend.emails.send({ ...hello, text: "" });
    expect((await messages())[0]?.text).toBeNull();
    const raw = await (await fetch(`${engine.url}/messages/${none.data?.id}/raw`)).text();
    expect(typesOf(raw)).toEqual(["text/html"]);
  });

  it("is the same bytes each time", async () => {
    const { engine, resend } = await mailUnderTest();
    const sent = await resend.emails.send(invitation);
    const raw = (): Promise<string> => fetch(`${engine.url}/messages/${sent.data?.id}/raw`).then((answer) => answer.text());
    expect(await raw()).toBe(await raw());
  });
});
