import { eq, inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { signLink } from "@/lib/platform/signed-link";
import { organizations } from "@/lib/organizations/tables";
import { addressKey, leftCategories, stoppedAddresses } from "../addresses/queries";
import type { NotificationType } from "../catalog";
import type { Category } from "../inputs";
import { threadMutes } from "../preferences/tables";
import { deliveries, notifications } from "../tables";
import { leaveScopeOf, leaveSubjectOf, muteSubjectOf, offersMute, passesMute, type LeaveScope } from "./rules";

/** Mails are kept for years and their links may be the only way out (RFC 8058 asks that they work for as long as the mail is read). */
const linkLifeMs = 2 * 365 * 24 * 60 * 60 * 1000;

/** What is known of a mail before it is written. */
export interface OutgoingMail {
  id: string;
  type: NotificationType;
  category: Category;
  thread: string;
  memberId: string | null;
  /** Null when nobody knows one; such a mail is not asked about. */
  address: string | null;
}

export type MailRefusal = "bounce" | "complaint" | "opted-out" | "thread-muted";

/**
 * Which of these mails must not go, although somebody decided that they should: their address takes no mail, its reader left the
 * category, or muted the thread, even if only a second ago.
 */
export async function mailRefusals(tenant: Tenant, mails: OutgoingMail[]): Promise<Map<string, MailRefusal>> {
  if (mails.length === 0) return new Map();
  const addresses = mails.flatMap(({ address }) => (address ? [address] : []));
  const guests = mails.flatMap(({ address, memberId }) => (address && memberId === null ? [address] : []));
  const [stopped, left, muted] = [await stoppedAddresses(addresses), await leftCategories(tenant, guests), await mutedThreads(tenant, mails)];
  const refused = new Map<string, MailRefusal>();
  for (const mail of mails) {
    const key = mail.address && addressKey(mail.address);
    const stop = key ? stopped.get(key) : undefined;
    if (stop) refused.set(mail.id, stop);
    else if (mail.memberId === null && key && left.get(key)?.has(mail.category)) refused.set(mail.id, "opted-out");
    else if (!passesMute(mail.type) && muted.has(pair(mail.thread, recipientOf(mail)))) refused.set(mail.id, "thread-muted");
  }
  return refused;
}

const pair = (thread: string, recipient: string) => `${recipient} ${thread}`;
const recipientOf = ({ memberId, address }: Pick<OutgoingMail, "memberId" | "address">) => memberId ?? addressKey(address ?? "");

async function mutedThreads(tenant: Tenant, mails: OutgoingMail[]): Promise<Set<string>> {
  const threads = [...new Set(mails.map(({ thread }) => thread))];
  const rows = await inTenant(tenant, (tx) =>
    tx
      .select({ thread: threadMutes.thread, recipient: threadMutes.recipient })
      .from(threadMutes)
      .where(sql`${threadMutes.organizationId} = ${tenant.organizationId} and ${inArray(threadMutes.thread, threads)}`),
  );
  return new Set(rows.map(({ thread, recipient }) => pair(thread, recipient)));
}

/** How a reader gets out of a mail: where their choices are, and what one click stops. */
export interface WaysOut {
  /** Members only; a bundle says it in its own words. */
  preferencesUrl: string | null;
  /** The page that says what would be stopped, and the address that stops it (RFC 8058). Null for mail that is no bulk mail. */
  unsubscribe: { pageUrl: string; postUrl: string; scope: LeaveScope } | null;
  muteUrl: string | null;
}

/** The ways out of each of these mails, by its id. */
export async function waysOut(tenant: Tenant, mails: OutgoingMail[]): Promise<Map<string, WaysOut>> {
  if (mails.length === 0) return new Map();
  const released = mails.filter(({ type }) => type === "bundle.released").map(({ id }) => id);
  const { slug, covered } = await inTenant(tenant, async (tx) => {
    const [organization] = await tx.select({ slug: organizations.slug }).from(organizations).where(eq(organizations.id, tenant.organizationId));
    const gathered = released.length === 0 ? [] : await tx
      .selectDistinct({ bundle: deliveries.reason, category: notifications.category })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(sql`${deliveries.state} = 'merged' and ${inArray(deliveries.reason, released)}`);
    return { slug: organization?.slug ?? "", covered: gathered };
  });
  const expiresAt = new Date(clock.nowMs() + linkLifeMs);
  const base = env().APP_URL;
  return new Map(
    mails.map((mail): [string, WaysOut] => {
      const { organizationId } = tenant;
      const recipient = recipientOf(mail);
      const scope = leaveScopeOf(mail.type, mail.category, covered.flatMap(({ bundle, category }) => (bundle === mail.id ? [category as Category] : [])));
      const token = scope && signLink("unsubscribe", { subject: leaveSubjectOf({ organizationId, recipient, scope }), generation: 0, expiresAt });
      const mute = offersMute(mail.type) && signLink("mute", { subject: muteSubjectOf({ organizationId, recipient, thread: mail.thread }), generation: 0, expiresAt });
      return [
        mail.id,
        {
          preferencesUrl: mail.memberId && !mail.type.startsWith("bundle.") ? `${base}/${slug}/settings/notifications` : null,
          unsubscribe: token && scope ? { pageUrl: `${base}/unsubscribe/${token}`, postUrl: `${base}/api/unsubscribe/${token}`, scope } : null,
          muteUrl: mute ? `${base}/mute/${mute}` : null,
        },
      ];
    }),
  );
}
