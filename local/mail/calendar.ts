import ICAL from "ical.js";
import type { Attachment } from "./message";

export interface CalendarSummary {
  method: string | null;
  events: CalendarEvent[];
  /** Why nothing could be read, for whoever made the calendar part. */
  problem: string | null;
}

export interface CalendarEvent {
  uid: string;
  sequence: number | null;
  status: string | null;
  summary: string;
  start: string;
  end: string | null;
  timeZone: string | null;
  recurrence: string | null;
  location: string | null;
  description: string | null;
  organizer: string | null;
  attendees: { address: string; name: string | null; partstat: string | null; role: string | null }[];
}

const isCalendar = ({ contentType, filename }: Attachment): boolean =>
  /^(?:text\/calendar|application\/ics)\b/i.test(contentType) || /\.ics$/i.test(filename);

/** The calendar part: the one that names its method before any other. */
export function calendarAttachment(attachments: Attachment[]): Attachment | null {
  const found = attachments.filter(isCalendar);
  return found.find(({ contentType }) => methodOf(contentType) !== null) ?? found[0] ?? null;
}

/** The `method` parameter of `text/calendar; method=REQUEST` (RFC 6047 section 2.4). */
export const methodOf = (contentType: string): string | null =>
  /^text\/calendar\b.*;\s*method="?([A-Za-z-]+)"?/is.exec(contentType)?.[1]?.toUpperCase() ?? null;

export const decodeText = (attachment: Attachment): string => Buffer.from(attachment.content, "base64").toString("utf8");

export function summarizeCalendar(ics: string): CalendarSummary {
  try {
    const calendar = new ICAL.Component(ICAL.parse(ics) as unknown[]);
    return {
      method: propertyText(calendar, "method"),
      events: calendar.getAllSubcomponents("vevent").map(summarizeEvent),
      problem: null,
    };
  } catch (error) {
    return { method: null, events: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

function summarizeEvent(event: ICAL.Component): CalendarEvent {
  const start = event.getFirstProperty("dtstart");
  return {
    uid: propertyText(event, "uid") ?? "",
    sequence: Number(propertyText(event, "sequence") ?? 0),
    status: propertyText(event, "status"),
    summary: propertyText(event, "summary") ?? "",
    start: propertyText(event, "dtstart") ?? "",
    end: propertyText(event, "dtend"),
    timeZone: parameter(start, "tzid"),
    recurrence: propertyText(event, "rrule"),
    location: propertyText(event, "location"),
    description: propertyText(event, "description"),
    organizer: person(propertyText(event, "organizer")),
    attendees: event.getAllProperties("attendee").map((attendee) => ({
      address: person(String(attendee.getFirstValue())) ?? "",
      name: parameter(attendee, "cn"),
      partstat: parameter(attendee, "partstat"),
      role: parameter(attendee, "role"),
    })),
  };
}

function propertyText(component: ICAL.Component, name: string): string | null {
  const value = component.getFirstPropertyValue(name);
  return value === null ? null : String(value);
}

const parameter = (property: ICAL.Property | null, name: string): string | null => {
  const value = property?.getParameter(name);
  return value === undefined ? null : String(value);
};

const person = (uri: string | null): string | null => uri?.replace(/^mailto:/i, "") ?? null;
