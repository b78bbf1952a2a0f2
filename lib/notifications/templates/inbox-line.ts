import { isNewsType, newsFactsOf } from "../news/rules";
import { pluginFactsOf } from "../plugin-events/rules";
import { factsOf, type Matter } from "./matter";
import { newsLine, newsWhy } from "./news-words";
import { pluginLine, pluginWhy } from "./plugin-words";
import type { Reader } from "./reader";

/** The line of the inbox (`messages/<locale>/notifications.json`), for pushes and digests, which say the same in the same words. */
export function inboxLine(matter: Matter, { lines, locale }: Pick<Reader, "lines" | "locale">): string {
  const { actor, meeting, partstat, organization, member, device, address, publication, connection, accountName, endpoint, cause } = factsOf(matter);
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
    case "jira.issue.created":
    case "jira.issue.updated":
    case "jira.issue.deleted":
    case "jira.comment.created":
    case "plugin.event":
      return pluginLine(matter.type, pluginFactsOf(matter.payload), { lines });
    case "connection.broken":
      return lines("connection.broken.line", { name: connection?.name ?? "", cause: cause ?? "other" });
    case "account.unlinked":
      return lines("account.unlinked.line", { name: accountName ?? "" });
    case "subscription.paused":
      return lines("subscription.paused.line", { name: endpoint?.name ?? "", cause: cause ?? "other" });
    case "article.published":
    case "article.mentioned":
    case "comment.added":
    case "comment.replied":
    case "comment.mentioned":
    case "article.liked":
    case "article.acknowledgement-due":
      return newsLine(matter.type, newsFactsOf(matter.payload), { lines });
    case "bundle.daily":
    case "bundle.weekly":
    case "bundle.released":
      // A bundle has no row in the inbox; what it gathers has.
      return (matter.gathered ?? []).map((one) => inboxLine(one, { lines, locale })).join("\n");
  }
}

/** Why the reader hears of it, in a few words beside the line. */
export function inboxWhy({ type, payload }: Pick<Matter, "type" | "payload">, { lines }: Pick<Reader, "lines">, memberId: string | null = null): string {
  if (isNewsType(type)) return newsWhy(type, newsFactsOf(payload), { lines }, memberId);
  switch (type) {
    case "jira.issue.created":
    case "jira.issue.updated":
    case "jira.issue.deleted":
    case "jira.comment.created":
    case "plugin.event":
      return pluginWhy(pluginFactsOf(payload), { lines });
    case "connection.broken":
      return lines("why.integrations");
    case "account.unlinked":
      return lines("why.account");
    case "subscription.paused":
      return lines("why.endpoint");
    case "bundle.daily":
    case "bundle.weekly":
    case "bundle.released":
      return "";
    default:
      return lines(`${type === "member.invited" ? "member.joined" : type}.why`);
  }
}
