import { convertIcsCalendar } from "ts-ics";
import { describe, expect, test } from "vitest";
import { calendarText, type CalendarEvent } from "./icalendar";

const event: CalendarEvent = {
  uid: "mtg_1@moim.example",
  sequence: 3,
  status: "confirmed",
  title: "Café; plan, \\o/ 회의",
  description: "First line\r\nsecond; with, marks\u0000 and \"quotes\"",
  location: "Room 4, Séoul",
  joinUrl: "https://meet.example/a?b=1&c=2",
  pageUrl: "https://moim.example/maru/meetings/mtg_1",
  startsAt: new Date("2026-11-23T09:00:00Z"),
  endsAt: new Date("2026-11-23T10:30:00Z"),
  createdAt: new Date("2026-11-20T00:00:00Z"),
  updatedAt: new Date("2026-11-21T00:00:00Z"),
  organizer: { email: "ada@maru.example", name: 'Ada "A" Sinclair' },
  attendees: [
    { email: "minjun@maru.example", name: "김민준", partstat: "needs-action", required: true },
    { email: "sam@hanbit.example", name: null, partstat: "declined", required: false },
  ],
};
const options = { method: "REQUEST" as const, stampedAt: new Date("2026-11-21T12:00:00Z"), sentBy: "moim@moim.example" };

// Parsed by another library than the one that wrote it.
const parse = (text: string) => convertIcsCalendar(undefined, text);

describe("an invitation as iCalendar", () => {
  test("is read back by another library with every value intact", () => {
    const calendar = parse(calendarText(event, options));
    expect(calendar.method).toBe("REQUEST");
    const [read, ...others] = calendar.events ?? [];
    expect(others).toEqual([]);
    expect(read).toMatchObject({ uid: event.uid, sequence: 3, summary: event.title, location: event.location, status: "CONFIRMED" });
    expect(read?.start.date).toEqual(event.startsAt);
    expect(read?.end?.date).toEqual(event.endsAt);
    expect(read?.stamp.date).toEqual(options.stampedAt);
    expect(read?.organizer).toMatchObject({ email: "ada@maru.example", sentBy: "moim@moim.example" });
    expect(read?.attendees).toMatchObject([
      { email: "minjun@maru.example", name: "김민준", partstat: "NEEDS-ACTION", role: "REQ-PARTICIPANT", rsvp: true },
      { email: "sam@hanbit.example", partstat: "DECLINED", role: "OPT-PARTICIPANT", rsvp: true },
    ]);
  });

  test("keeps every line within 75 octets and ends each with CRLF (RFC 5545 section 3.1)", () => {
    const text = calendarText({ ...event, title: "긴 제목 ".repeat(40), description: "é".repeat(500) }, options);
    const lines = text.split("\r\n");
    expect(lines.at(-1)).toBe("");
    expect(lines.some((line) => line.includes("\n"))).toBe(false);
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(parse(text).events?.[0]?.summary).toBe("긴 제목 ".repeat(40));
  });

  test("a cancellation says so in method and status", () => {
    const calendar = parse(calendarText({ ...event, status: "cancelled" }, { ...options, method: "CANCEL" }));
    expect(calendar.method).toBe("CANCEL");
    expect(calendar.events?.[0]?.status).toBe("CANCELLED");
  });

  test("holds no control character that a calendar would choke on", () => {
    expect(/[^\P{Cc}\r\n]/u.test(calendarText(event, options))).toBe(false);
  });
});
