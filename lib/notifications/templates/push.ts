import type { NotificationType } from "../catalog";
import { inboxLine } from "./inbox-line";
import { factsOf, type Facts, type Matter } from "./matter";
import type { Reader } from "./reader";

export interface PushWords {
  title: string;
  body: string;
  /** Instead of both, for readers who keep details off the lock screen. */
  discreet: string;
}

/** Longer words are cut by every platform, and a push carries less than 4 kB in all (RFC 8030, 7.2). */
const titleMax = 120;
const bodyMax = 300;
const gatheredShown = 3;

type Writer = (facts: Facts, reader: Reader, matter: Matter) => PushWords;

const writers: Record<NotificationType, Writer> = {
  "meeting.invited": ({ actor, meeting }, { push, formats }) => ({
    title: meeting?.title ?? "",
    body: joined(push("meeting.invited.body", { actor: actor?.name ?? "", when: when(formats, meeting) }), meeting?.location),
    discreet: push("meeting.invited.discreet"),
  }),
  "meeting.updated": ({ actor, meeting, before, changes }, { push, formats }) => ({
    title: push("meeting.updated.title", { title: meeting?.title ?? "" }),
    body:
      before && meeting && changes?.includes("time")
        ? push("meeting.updated.time", { when: formats.dayTime(meeting.startsAt), before: formats.dayTime(before.startsAt) })
        : push("meeting.updated.body", { actor: actor?.name ?? "", when: when(formats, meeting) }),
    discreet: push("meeting.updated.discreet"),
  }),
  "meeting.removed": ({ actor, meeting }, { push, formats }) => ({
    title: meeting?.title ?? "",
    body: push("meeting.removed.body", { actor: actor?.name ?? "", when: when(formats, meeting) }),
    discreet: push("meeting.removed.discreet"),
  }),
  "meeting.cancelled": ({ actor, meeting, reason }, { push, formats }) => ({
    title: push("meeting.cancelled.title", { title: meeting?.title ?? "" }),
    body: joined(push("meeting.cancelled.body", { actor: actor?.name ?? "", when: when(formats, meeting) }), reason),
    discreet: push("meeting.cancelled.discreet"),
  }),
  "meeting.responded": ({ actor, meeting, partstat, comment }, { push }) => ({
    title: meeting?.title ?? "",
    body: joined(push("meeting.responded.body", { actor: actor?.name ?? "", answer: partstat ?? "other" }), comment),
    discreet: push("meeting.responded.discreet"),
  }),
  // The hour and not the minutes that are left: a push may arrive late, and lies on the screen while time goes by.
  "meeting.reminder": ({ meeting }, { push, formats }) => ({
    title: meeting?.title ?? "",
    body: joined(push("meeting.reminder.body", { time: meeting ? formats.time(meeting.startsAt) : "" }), meeting?.location),
    discreet: push("meeting.reminder.discreet"),
  }),
  "member.invited": ({ actor, organization }, { push }) => ({
    title: organization?.name ?? "",
    body: push("member.invited.body", { actor: actor?.name ?? "" }),
    discreet: push("member.invited.discreet"),
  }),
  "member.joined": ({ organization }, reader, matter) => ({
    title: organization?.name ?? "",
    body: inboxLine(matter, reader),
    discreet: reader.push("member.joined.discreet"),
  }),
  "notification.published": ({ publication }, reader, matter) => {
    const words = publication?.push[reader.locale] ?? publication?.push.en;
    const discreet = reader.push("notification.published.discreet");
    return words ? { ...words, discreet } : { title: reader.push("notification.published.title"), body: inboxLine(matter, reader), discreet };
  },
  "device.added": ({ device }, { push }) => ({
    title: push("device.added.title"),
    body: push("device.added.body", { name: device?.name ?? "" }),
    discreet: push("device.added.discreet"),
  }),
  "mail.stopped": ({ address, reason }, { push }) => ({
    title: push("mail.stopped.title"),
    body: push("mail.stopped.body", { address: address ?? "", reason: reason ?? "other" }),
    discreet: push("mail.stopped.discreet"),
  }),
  "bundle.daily": bundle("daily"),
  "bundle.weekly": bundle("weekly"),
  "bundle.released": bundle("released"),
};

/** What a push says in its reader's language and zone. A bundle needs what it gathers (`gathered`). */
export function pushWords(matter: Matter, reader: Reader): PushWords {
  const { title, body, discreet } = writers[matter.type](factsOf(matter), reader, matter);
  return { title: shortened(title, titleMax), body: shortened(body, bodyMax), discreet };
}

function bundle(kind: "daily" | "weekly" | "released"): Writer {
  return (_, reader, { gathered = [] }) => {
    const title = reader.push(`bundle.${kind}.title`, { count: gathered.length });
    const lines = gathered.slice(0, gatheredShown).map((matter) => inboxLine(matter, reader));
    const rest = gathered.length - lines.length;
    return { title, body: [...lines, ...(rest > 0 ? [reader.push("more", { count: rest })] : [])].join("\n"), discreet: title };
  };
}

const when = (formats: Reader["formats"], meeting: Facts["meeting"]) => (meeting ? formats.dayTime(meeting.startsAt) : "");

const joined = (first: string, second: string | null | undefined) => (second?.trim() ? `${first} · ${second.trim()}` : first);

/** By code points, so that no character is cut in half; as one line where it is a title is the platform's business. */
function shortened(text: string, max: number): string {
  const points = [...text.trim()];
  return points.length <= max ? points.join("") : `${points.slice(0, max - 1).join("").trimEnd()}…`;
}
