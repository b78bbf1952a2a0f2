import ICAL from "ical.js";
import type { Partstat } from "../inputs";

// ical.js does not count the space that opens a folded line; a line may hold 75 octets (RFC 5545 section 3.1).
ICAL.foldLength = 74;

/**
 * iCalendar (RFC 5545) and iTIP (RFC 5546) as calendars understand them: one VEVENT, times in UTC, the same UID for life, a fresh
 * DTSTAMP, and METHOD in the body equal to the one of the mail part (RFC 6047).
 */
export interface CalendarPerson {
  email: string;
  name: string | null;
}

export interface CalendarAttendee extends CalendarPerson {
  partstat: Partstat;
  required: boolean;
}

export interface CalendarEvent {
  uid: string;
  sequence: number;
  status: "confirmed" | "cancelled";
  title: string;
  description: string;
  location: string;
  joinUrl: string | null;
  pageUrl: string;
  startsAt: Date;
  endsAt: Date;
  createdAt: Date;
  updatedAt: Date;
  organizer: CalendarPerson;
  attendees: CalendarAttendee[];
}

export type CalendarMethod = "REQUEST" | "CANCEL" | "PUBLISH";

/** `sentBy` is the address that really sends, so that the organizer's own address may stand as ORGANIZER (RFC 5545 section 3.2.18). */
export function calendarText(event: CalendarEvent, options: { method: CalendarMethod; stampedAt: Date; sentBy: string }): string {
  const calendar = new ICAL.Component("vcalendar");
  calendar.addPropertyWithValue("prodid", "-//Moim//Moim//EN");
  calendar.addPropertyWithValue("version", "2.0");
  calendar.addPropertyWithValue("calscale", "GREGORIAN");
  calendar.addPropertyWithValue("method", options.method);
  calendar.addSubcomponent(eventComponent(event, options.stampedAt, options.sentBy));
  return `${calendar.toString()}\r\n`;
}

function eventComponent(event: CalendarEvent, stampedAt: Date, sentBy: string): ICAL.Component {
  const component = new ICAL.Component("vevent");
  component.addPropertyWithValue("uid", event.uid);
  component.addPropertyWithValue("dtstamp", utc(stampedAt));
  component.addPropertyWithValue("sequence", event.sequence);
  component.addPropertyWithValue("created", utc(event.createdAt));
  component.addPropertyWithValue("last-modified", utc(event.updatedAt));
  component.addPropertyWithValue("dtstart", utc(event.startsAt));
  component.addPropertyWithValue("dtend", utc(event.endsAt));
  component.addPropertyWithValue("summary", printable(event.title));
  component.addPropertyWithValue("description", printable([event.description, event.joinUrl, event.pageUrl].filter(Boolean).join("\n\n")));
  const place = event.location || event.joinUrl;
  if (place) component.addPropertyWithValue("location", printable(place));
  component.addPropertyWithValue("url", event.joinUrl ?? event.pageUrl);
  component.addPropertyWithValue("status", event.status.toUpperCase());
  component.addPropertyWithValue("transp", "OPAQUE");
  component.addPropertyWithValue("class", "PUBLIC");
  const organizer = component.addPropertyWithValue("organizer", `mailto:${event.organizer.email}`);
  organizer.setParameter("cn", parameter(event.organizer.name ?? event.organizer.email));
  if (sentBy.toLowerCase() !== event.organizer.email.toLowerCase()) organizer.setParameter("sent-by", `mailto:${sentBy}`);
  for (const attendee of event.attendees) addAttendee(component, attendee);
  return component;
}

function addAttendee(component: ICAL.Component, attendee: CalendarAttendee): void {
  const property = component.addPropertyWithValue("attendee", `mailto:${attendee.email}`);
  property.setParameter("cn", parameter(attendee.name ?? attendee.email));
  property.setParameter("cutype", "INDIVIDUAL");
  property.setParameter("role", attendee.required ? "REQ-PARTICIPANT" : "OPT-PARTICIPANT");
  property.setParameter("partstat", attendee.partstat.toUpperCase());
  property.setParameter("rsvp", "TRUE");
}

const utc = (instant: Date) => ICAL.Time.fromJSDate(instant, true);

/** Control characters other than line feed are not allowed in TEXT (RFC 5545 section 3.1). */
const printable = (text: string) => text.replace(/\r\n?/g, "\n").replace(/[^\P{Cc}\n]/gu, " ");

/** A parameter value may hold neither a double quote nor a line break (RFC 5545 section 3.2). */
const parameter = (text: string) => printable(text).replaceAll('"', "'").replaceAll("\n", " ");
