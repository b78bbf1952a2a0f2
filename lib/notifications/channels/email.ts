import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { sendMail, type Mail } from "@/lib/platform/mail";
import type { Tenant } from "@/lib/platform/db/client";
import type { NotificationType } from "../catalog";
import type { ClaimedDelivery } from "../deliveries/commands";
import type { RecipientProfile } from "../deliveries/queries";
import type { RenderedMessage } from "../tables";
import type { Content } from "../templates/content";
import { renderMail } from "../templates/render";
import type { Channel, Prepared, Resolution, Resolve } from "./channel";

/** Resend keeps an idempotency key for 24 hours; a retry after that could be a second mail. */
const giveUpAfterMs = 20 * 60 * 60 * 1000;

export const email: Channel = {
  name: "email",
  providers: ["resend"],
  providerOf: () => "resend",
  messagesPerCall: 1,
  callsAtOnce: 4,
  perishable: true,
  keepsMessage: true,
  giveUpAfterMs,

  async prepare(tenant, deliveries, { subjects, profiles }) {
    const resolved = await resolveAll(tenant, deliveries.filter(({ message }) => message === null), subjects.resolve);
    const guest = profiles.get("");
    return Promise.all(deliveries.map((delivery) => prepareOne(delivery, resolved.get(delivery.id), (delivery.memberId && profiles.get(delivery.memberId)) || guest)));
  },

  async send([ready]) {
    if (!ready) throw new Error("a mail call without a mail");
    return [await sendMail(ready.message as RenderedMessage & Mail, `${ready.delivery.id}/${ready.delivery.generation}`)];
  },
};

async function resolveAll(tenant: Tenant, deliveries: ClaimedDelivery[], resolve: Resolve): Promise<Map<string, Resolution>> {
  const byType = new Map<NotificationType, ClaimedDelivery[]>();
  for (const delivery of deliveries) byType.set(delivery.type, [...(byType.get(delivery.type) ?? []), delivery]);
  const resolved = new Map<string, Resolution>();
  for (const [type, same] of byType) for (const [id, resolution] of await resolve(tenant, type, same)) resolved.set(id, resolution);
  return resolved;
}

async function prepareOne(delivery: ClaimedDelivery, resolution: Resolution | undefined, profile: RecipientProfile | undefined): Promise<Prepared> {
  if (delivery.message) return { delivery, message: delivery.message };
  if (!resolution) return { delivery, skip: "gone" };
  if ("skip" in resolution) return { delivery, skip: resolution.skip };
  const to = profile?.email ?? delivery.email;
  if (!to || !profile) return { delivery, skip: "no-address" };
  try {
    const rendered = await renderMail(resolution.content, profile);
    const mail: Mail = { to, ...rendered, ...envelopeOf(resolution.content, delivery) };
    return { delivery, message: { ...mail } };
  } catch (error) {
    // One mail that cannot be written is a defect to be seen, but the others of its run are not to blame.
    log.error("mail could not be written", { deliveryId: delivery.id, type: delivery.type, error: error instanceof Error ? error.stack : String(error) });
    return { delivery, skip: "unwritable" };
  }
}

/** Everything around the text: who gets the reply, which thread it belongs to, and that no holiday responder should answer. */
function envelopeOf(content: Content, delivery: ClaimedDelivery): Omit<Mail, "to" | "subject" | "html" | "text"> {
  const thread = `<${delivery.subjectId}@${new URL(env().APP_URL).hostname}>`;
  const common = {
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      // Mails of one subject name the same ancestor, which is how mail programs thread them (RFC 5322, 3.6.4).
      References: thread,
      "In-Reply-To": thread,
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
    case "bundle":
      return common;
  }
}
