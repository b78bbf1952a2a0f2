import { env } from "@/lib/platform/env";
import type { Mail } from "@/lib/platform/mail";
import type { ClaimedDelivery } from "../deliveries/commands";
import type { WaysOut } from "../leaving/queries";
import type { Content } from "../templates/content";

/**
 * Everything around the text: who gets the reply, which thread it belongs to, how to leave with one click
 * (RFC 8058; for bulk mail only), and that no holiday responder should answer.
 */
export function envelopeOf(content: Content, delivery: Pick<ClaimedDelivery, "id" | "thread">, waysOut: WaysOut | undefined): Omit<Mail, "to" | "subject" | "html" | "text"> {
  const thread = `<${delivery.thread.replace(/[^\w.-]/g, "-")}@${new URL(env().APP_URL).hostname}>`;
  const common = {
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      // Mails of one thread name the same ancestor, which is how mail programs group them (RFC 5322, 3.6.4). Their own Message-ID is the
      // provider's: it signs it, and would replace one of ours.
      References: thread,
      "In-Reply-To": thread,
      ...(waysOut?.unsubscribe && {
        "List-Unsubscribe": `<${waysOut.unsubscribe.postUrl}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      }),
    },
    tags: [
      { name: "template", value: content.template },
      { name: "delivery", value: delivery.id },
    ],
  };
  switch (content.template) {
    case "meeting-invited":
    case "meeting-updated":
    case "meeting-cancelled":
    case "meeting-removed":
      return {
        ...common,
        replyTo: content.data.meeting.organizer.email,
        attachments: [
          {
            filename: "invite.ics",
            contentType: `text/calendar; charset=utf-8; method=${content.data.calendar.method}`,
            content: content.data.calendar.content,
          },
        ],
      };
    case "meeting-reminder":
      return { ...common, replyTo: content.data.meeting.organizer.email };
    case "meeting-answers":
    case "member-invited":
    case "member-joined":
    case "device-added":
    case "notification-published":
    case "issue-created":
    case "issue-updated":
    case "issue-deleted":
    case "comment-created":
    case "plugin-event":
    case "connection-broken":
    case "account-unlinked":
    case "subscription-paused":
    case "article-published":
    case "article-mentioned":
    case "comment-added":
    case "comment-replied":
    case "comment-mentioned":
    case "acknowledgement-due":
    case "bundle":
      return common;
  }
}
