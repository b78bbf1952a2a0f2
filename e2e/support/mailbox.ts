import { expect } from "@playwright/test";
import ICAL from "ical.js";
import PostalMime from "postal-mime";
import { run } from "./run";

export interface Mail {
  id: string;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  idempotencyKey: string | null;
  tags: { name: string; value: string }[];
  createdAt: string;
}

/** Everything that reached an address, oldest first. */
export async function mailsTo(address: string): Promise<Mail[]> {
  const response = await fetch(`${run.mail.url}/messages?${new URLSearchParams({ to: address, limit: "200" })}`);
  if (!response.ok) throw new Error(`the mailbox answered ${response.status}`);
  return ((await response.json()) as Mail[]).reverse();
}

/** Mails about one thing: their subject holds `subject`. */
export const mailsAbout = async (address: string, subject: string) =>
  (await mailsTo(address)).filter((mail) => mail.subject.includes(subject));

interface Wanted {
  subject?: string;
  /** How many that match must be there; the last of them is given. */
  count?: number;
  timeout?: number;
}

/** Waits for the mail. More of them than wanted is a fault: nothing may be sent twice. */
export async function mailTo(address: string, { subject = "", count = 1, timeout = 15_000 }: Wanted = {}): Promise<Mail> {
  let found: Mail[] = [];
  const look = async () => (found = await mailsAbout(address, subject)).length;
  await expect.poll(look, { message: `mails to ${address} about "${subject}"`, timeout }).toBeGreaterThanOrEqual(count);
  expect(found.map((mail) => mail.subject)).toHaveLength(count);
  const last = found.at(-1);
  if (!last) throw new Error("no mail");
  return last;
}

/** The first link of a mail whose path begins so. Read from the text: the HTML must lead to the same place. */
export function linkIn(mail: Mail, path: string): string {
  const links = mail.text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
  const link = links.find((url) => new URL(url).pathname.startsWith(path));
  if (!link) throw new Error(`no link to ${path} in "${mail.subject}": ${links.join(" ")}`);
  expect(mail.html).toContain(link.replaceAll("&", "&amp;"));
  return link;
}

export interface CalendarPart {
  /** The `method` parameter of the MIME part; it must agree with METHOD inside (RFC 6047, 2.4). */
  mimeMethod: string | null;
  method: string;
  event: ICAL.Event;
  component: ICAL.Component;
  attachment: string | null;
}

/** The calendar part of a mail as a calendar program gets it: cut out of the raw message, parsed by a library. */
export async function calendarOf(mail: Mail): Promise<CalendarPart> {
  const raw = await (await fetch(`${run.mail.url}/messages/${mail.id}/raw`)).arrayBuffer();
  const parsed = await PostalMime.parse(raw, { attachmentEncoding: "utf8" });
  const calendars = parsed.attachments.filter(({ mimeType }) => mimeType === "text/calendar");
  const inline = calendars.find(({ disposition }) => disposition !== "attachment") ?? calendars[0];
  if (!inline) throw new Error(`"${mail.subject}" has no calendar part`);
  const file = parsed.attachments.find(({ filename }) => filename?.endsWith(".ics"));
  const calendar = new ICAL.Component(ICAL.parse(String(inline.content)) as unknown[]);
  const component = calendar.getFirstSubcomponent("vevent");
  if (!component) throw new Error("the calendar holds no event");
  return {
    mimeMethod: inline.method ?? null,
    method: String(calendar.getFirstPropertyValue("method")),
    event: new ICAL.Event(component),
    component,
    attachment: file ? String(file.content) : null,
  };
}

interface Trouble {
  mode: "ok" | "rate-limit" | "server-error" | "refuse" | "slow" | "drop-after-accept" | "drop-before-accept";
  count?: number;
  delayMs?: number;
  retryAfterSeconds?: number;
  match?: { to: string };
}

/** Makes the provider misbehave towards one address. There is one rule at a time, so one file of tests may use it. */
export async function troubleMail(trouble: Trouble): Promise<void> {
  const response = await fetch(`${run.mail.url}/control`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(trouble),
  });
  if (!response.ok) throw new Error(await response.text());
}
