import { log } from "@/lib/platform/log";
import { mailBatch, sendMail, sendMails, type Mail } from "@/lib/platform/mail";
import type { Tenant } from "@/lib/platform/db/client";
import type { NotificationType } from "../catalog";
import type { ClaimedDelivery } from "../deliveries/commands";
import type { RecipientProfile } from "../deliveries/queries";
import type { RenderedMessage } from "../tables";
import { mailRefusals, waysOut, type OutgoingMail, type WaysOut } from "../leaving/queries";
import { renderMail } from "../templates/render";
import { waysOutOf } from "../templates/ways-out";
import type { Channel, Prepared, Resolution, Resolve } from "./channel";
import { envelopeOf } from "./envelope";

/** Resend keeps an idempotency key for 24 hours; a retry after that could be a second mail. */
const giveUpAfterMs = 20 * 60 * 60 * 1000;

export const email: Channel = {
  name: "email",
  providers: ["resend"],
  providerOf: () => "resend",
  messagesPerCall: mailBatch,
  travelsAlone: ({ message }) => (mailOf(message).attachments ?? []).length > 0,
  callsAtOnce: 4,
  perishable: true,
  keepsMessage: true,
  giveUpAfterMs,

  async prepare(tenant, deliveries, { subjects, profiles }) {
    const profileOf = ({ memberId }: ClaimedDelivery) => (memberId && profiles.get(memberId)) || profiles.get("");
    const fresh = deliveries.filter(({ message }) => message === null);
    const outgoing = fresh.map((delivery): OutgoingMail => ({ ...delivery, address: profileOf(delivery)?.email ?? delivery.email }));
    // Asked before the subjects are: resolving a meeting's mail notes that its reader is being told.
    const refused = await mailRefusals(tenant, outgoing);
    const resolved = await resolveAll(tenant, fresh.filter(({ id }) => !refused.has(id)), subjects.resolve);
    for (const [id, skip] of refused) resolved.set(id, { skip });
    const ways = await waysOut(tenant, outgoing.filter(({ id }) => !refused.has(id)));
    return Promise.all(deliveries.map((delivery) => prepareOne(delivery, resolved.get(delivery.id), profileOf(delivery), ways.get(delivery.id))));
  },

  async send(ready) {
    const [first] = ready;
    const key = first?.delivery.callKey;
    if (!first || !key) throw new Error("a mail call without a mail or a key");
    // A call is what it was when it was planned: one mail that was sent by itself never becomes a batch of one, which has other keys.
    return ready.length === 1 ? [await sendMail(mailOf(first.message), key)] : sendMails(ready.map(({ message }) => mailOf(message)), key);
  },
};

/** Only `prepareOne` makes messages of this channel. */
const mailOf = (message: RenderedMessage) => message as RenderedMessage & Mail;

async function resolveAll(tenant: Tenant, deliveries: ClaimedDelivery[], resolve: Resolve): Promise<Map<string, Resolution>> {
  const byType = new Map<NotificationType, ClaimedDelivery[]>();
  for (const delivery of deliveries) byType.set(delivery.type, [...(byType.get(delivery.type) ?? []), delivery]);
  const resolved = new Map<string, Resolution>();
  for (const [type, same] of byType) for (const [id, resolution] of await resolve(tenant, type, same)) resolved.set(id, resolution);
  return resolved;
}

async function prepareOne(
  delivery: ClaimedDelivery,
  resolution: Resolution | undefined,
  profile: RecipientProfile | undefined,
  ways: WaysOut | undefined,
): Promise<Prepared> {
  if (delivery.message) return { delivery, message: delivery.message };
  if (!resolution) return { delivery, skip: "gone" };
  if ("skip" in resolution) return { delivery, skip: resolution.skip };
  const to = profile?.email ?? delivery.email;
  if (!to || !profile) return { delivery, skip: "no-address" };
  try {
    const rendered = await renderMail(resolution.content, profile, ways && waysOutOf(ways));
    const mail: Mail = { to, ...rendered, ...envelopeOf(resolution.content, delivery, ways) };
    return { delivery, message: { ...mail } };
  } catch (error) {
    // One mail that cannot be written is a defect to be seen, but the others of its run are not to blame.
    log.error("mail could not be written", { deliveryId: delivery.id, type: delivery.type, error });
    return { delivery, skip: "unwritable", cause: "unwritable" };
  }
}
