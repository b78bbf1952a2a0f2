import { factsOf, type Matter } from "./matter";
import type { Reader } from "./reader";

/** The line of the inbox (`messages/<locale>/notifications.json`), for pushes and digests, which say the same in the same words. */
export function inboxLine(matter: Matter, { lines, locale }: Pick<Reader, "lines" | "locale">): string {
  const { actor, meeting, partstat, organization, member, device, address, publication } = factsOf(matter);
  const who = actor?.name ?? "";
  const title = meeting?.title ?? "";
  switch (matter.type) {
    case "meeting.invited":
    case "meeting.updated":
    case "meeting.removed":
    case "meeting.cancelled":
      return lines(`${matter.type}.line`, { actor: who, title });
    case "meeting.responded":
      return lines("meeting.responded.line", { actor: who, title, answer: partstat ?? "other" });
    case "meeting.reminder":
      return lines("meeting.reminder.line", { title });
    case "member.invited":
    case "member.joined":
      return lines("member.joined.line", { name: member?.name ?? who, organization: organization?.name ?? "" });
    case "notification.published":
      return lines("notification.published.line", { actor: who, title: publication?.line[locale] ?? publication?.line.en ?? "" });
    case "device.added":
      return lines("device.added.line", { name: device?.name ?? "" });
    case "mail.stopped":
      return lines("mail.stopped.line", { name: address ?? "" });
    case "bundle.daily":
    case "bundle.weekly":
    case "bundle.released":
      // A bundle has no row in the inbox; what it gathers has.
      return (matter.gathered ?? []).map((one) => inboxLine(one, { lines, locale })).join("\n");
  }
}
