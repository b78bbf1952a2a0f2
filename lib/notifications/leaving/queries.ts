import { and, desc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, systemTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { readLink, signLink } from "@/lib/platform/signed-link";
import { members, organizations } from "@/lib/organizations/tables";
import { addressKey, leftCategories, stoppedAddresses } from "../addresses/queries";
import type { NotificationType } from "../catalog";
import type { Category, PreferenceValue } from "../inputs";
import { preferences, threadMutes } from "../preferences/tables";
import type { SkipReason } from "../rules";
import { deliveries, notifications } from "../tables";
import { topicChoice } from "../topics/queries";
import { topicKindOf } from "../topics/rules";
import { hasLeft, leaveOf, leaveScopeOf, leaveSubjectOf, muteOf, muteSubjectOf, offersMute, passesMute, type LeaveScope, type MailChoice } from "./rules";

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

export type MailRefusal = Extract<SkipReason, "bounce" | "complaint" | "off" | "thread-muted">;

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
    else if (mail.memberId === null && key && left.get(key)?.has(mail.category)) refused.set(mail.id, "off");
    else if (!(mail.memberId === null && passesMute(mail.type)) && muted.has(pair(mail.thread, recipientOf(mail)))) refused.set(mail.id, "thread-muted");
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
  mute: { what: "meeting" | "article"; url: string } | null;
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
      const what = offersMute(mail.type);
      const mute = what && signLink("mute", { subject: muteSubjectOf({ organizationId, recipient, thread: mail.thread }), generation: 0, expiresAt });
      return [
        mail.id,
        {
          preferencesUrl: mail.memberId && !mail.type.startsWith("bundle.") ? `${base}/${slug}/settings/notifications` : null,
          unsubscribe: token && scope ? { pageUrl: `${base}/unsubscribe/${token}`, postUrl: `${base}/api/unsubscribe/${token}`, scope } : null,
          mute: what && mute ? { what, url: `${base}/mute/${mute}` } : null,
        },
      ];
    }),
  );
}

/** Whoever a link was mailed to. */
export interface Leaver {
  /** Null for people without an account. */
  memberId: string | null;
  address: string;
}

interface Linked {
  tenant: Tenant;
  leaver: Leaver;
  organization: { name: string; slug: string };
}

/** @throws Refused LINK_INVALID, LINK_EXPIRED. */
export async function readLeaveLink(token: string): Promise<Linked & { scope: LeaveScope }> {
  const { organizationId, recipient, scope } = leaveOf(readLink("unsubscribe", token).subject);
  return { ...(await linked(organizationId, recipient)), scope };
}

/** @throws Refused LINK_INVALID, LINK_EXPIRED. */
export async function readMuteLink(token: string): Promise<Linked & { thread: string }> {
  const { organizationId, recipient, thread } = muteOf(readLink("mute", token).subject);
  return { ...(await linked(organizationId, recipient)), thread };
}

/** Somebody removed gets no mails of the organization, so there is nothing of it to be left, or to be shown. */
async function linked(organizationId: string, recipient: string): Promise<Linked> {
  const tenant = systemTenant(organizationId);
  return inTenant(tenant, async (tx) => {
    const [organization] = await tx.select({ name: organizations.name, slug: organizations.slug }).from(organizations).where(eq(organizations.id, organizationId));
    if (!organization) throw new Refused("LINK_INVALID");
    if (!isId("member", recipient)) return { tenant, organization, leaver: { memberId: null, address: recipient } };
    const [member] = await tx
      .select({ id: members.id, email: users.email })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.organizationId, organizationId), eq(members.id, recipient), isNull(members.removedAt)));
    if (!member) throw new Refused("LINK_INVALID");
    return { tenant, organization, leaver: { memberId: member.id, address: member.email } };
  });
}

/** What a member and their organization chose for mail. */
export async function mailChoices(tx: Tx, tenant: Tenant, memberId: string): Promise<{ own: MailChoice[]; organization: MailChoice[] }> {
  const rows = await tx
    .select({ memberId: preferences.memberId, workspaceId: preferences.workspaceId, category: preferences.category, value: preferences.value })
    .from(preferences)
    .where(
      and(
        eq(preferences.organizationId, tenant.organizationId),
        eq(preferences.channel, "email"),
        or(eq(preferences.memberId, memberId), and(isNull(preferences.memberId), isNull(preferences.workspaceId))),
      ),
    );
  // Only `inputs.ts` lets categories and values in.
  const choices = rows.map((row) => ({ ...row, category: row.category as Category, value: row.value as PreferenceValue }));
  const of = (own: boolean) => choices.filter((row) => (row.memberId !== null) === own).map(({ category, workspaceId, value }): MailChoice => ({ category, workspaceId, value }));
  return { own: of(true), organization: of(false) };
}

/** What the page of a link says. */
export interface LeaveOffer {
  address: string;
  isMember: boolean;
  organization: { name: string; slug: string };
  scope: LeaveScope;
  /** Nothing of it is mailed any more. */
  left: boolean;
}

/** Shows without doing anything: mail scanners open links. @throws Refused LINK_INVALID, LINK_EXPIRED. */
export async function leaveOffer(token: string): Promise<LeaveOffer> {
  const { tenant, leaver, organization, scope } = await readLeaveLink(token);
  const { memberId, address } = leaver;
  return { address, isMember: memberId !== null, organization, scope, left: await hasLeftAlready(tenant, leaver, scope) };
}

async function hasLeftAlready(tenant: Tenant, { memberId, address }: Leaver, scope: LeaveScope): Promise<boolean> {
  if (memberId === null) {
    const left = (await leftCategories(tenant, [address])).get(addressKey(address));
    return "categories" in scope && scope.categories.every((category) => left?.has(category));
  }
  return inTenant(tenant, async (tx) => {
    const { own, organization } = await mailChoices(tx, tenant, memberId);
    return hasLeft(scope, own, organization);
  });
}

export interface MuteOffer {
  address: string;
  isMember: boolean;
  organization: { name: string; slug: string };
  what: "meeting" | "article";
  /** What the thread is about, in the words of the newest notification of it; null when it is gone. */
  title: string | null;
  muted: boolean;
}

/** Shows without doing anything. @throws Refused LINK_INVALID, LINK_EXPIRED. */
export async function muteOffer(token: string): Promise<MuteOffer> {
  const { tenant, leaver, organization, thread } = await readMuteLink(token);
  const recipient = leaver.memberId ?? leaver.address;
  const what = topicKindOf(thread) === "article" ? "article" : "meeting";
  const topic = leaver.memberId && what === "article" ? await topicChoice({ ...tenant, id: leaver.memberId }, [thread]) : new Map();
  return inTenant(tenant, async (tx) => {
    const [mute] = await tx
      .select({ thread: threadMutes.thread })
      .from(threadMutes)
      .where(and(eq(threadMutes.organizationId, tenant.organizationId), eq(threadMutes.thread, thread), eq(threadMutes.recipient, recipient)));
    // Only what this very reader was told: a link must not open what its reader never saw.
    const [newest] = await tx
      .select({ title: sql<string | null>`coalesce(${notifications.payload} #>> '{meeting,title}', ${notifications.payload} #>> '{article,title}')` })
      .from(notifications)
      .innerJoin(deliveries, eq(deliveries.notificationId, notifications.id))
      .where(
        and(
          eq(notifications.organizationId, tenant.organizationId),
          eq(notifications.thread, thread),
          leaver.memberId === null ? eq(deliveries.recipient, leaver.address) : eq(deliveries.memberId, leaver.memberId),
        ),
      )
      .orderBy(desc(notifications.id))
      .limit(1);
    const muted = mute !== undefined || topic.get(thread) === "muted";
    return { address: leaver.address, isMember: leaver.memberId !== null, organization, what, title: newest?.title ?? null, muted };
  });
}
