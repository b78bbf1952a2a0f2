import { and, desc, eq, inArray, isNull, lt, lte, sql, type SQL } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members, organizations, workspaceMembers } from "@/lib/organizations/tables";
import { mayManageTemplates } from "../custom-templates/policy";
import { fillContent } from "../custom-templates/rules";
import { customTemplates } from "../custom-templates/tables";
import type { AudienceSpec, ChannelName } from "../inputs";
import { receivers, type deliveryStates } from "../tables";
import type { FilledWords, PublishedContent } from "../templates/content";
import { stateOf, type PublicationState } from "./rules";
import { publications } from "./tables";

type DeliveryState = (typeof deliveryStates)[number];

export interface Publication {
  id: string;
  state: PublicationState;
  templateId: string;
  templateName: string;
  templateKey: string;
  category: string;
  variables: Record<string, string>;
  audience: AudienceSpec;
  channels: string[];
  words: PublishedContent["words"];
  sendAt: Date;
  createdAt: Date;
  startedAt: Date | null;
  requestedByName: string;
}

export interface PublicationProgress extends Publication {
  /** Members who have it in their inbox's records, and how many of them have read it. */
  inbox: { told: number; read: number };
  /** How many deliveries of each channel are in which state; what travels in a digest counts as the digest does. */
  channelStates: Partial<Record<ChannelName, Partial<Record<DeliveryState, number>>>>;
  /** Why it was not sent at all, by channel: the members' own choices and the like. */
  leftOut: Partial<Record<"inbox" | "email" | "push", Record<string, number>>>;
}

/** @throws Refused FORBIDDEN, NOT_FOUND. */
export async function publicationProgress(member: Member, id: string): Promise<PublicationProgress> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  if (!isId("notification", id)) throw new Refused("NOT_FOUND");
  return inTenant(member, async (tx) => {
    const [publication] = await publicationsWhere(tx, member, eq(publications.id, id), 1);
    if (!publication) throw new Refused("NOT_FOUND");
    const inbox = await inboxOf(tx, id);
    const channelStates = await channelStatesOf(tx, id);
    return {
      ...publication,
      inbox,
      channelStates,
      leftOut: await leftOutOf(tx, id),
      state: stateOf({ state: publication.state, fannedOut: await isFannedOut(tx, id), unsettled: unsettledIn(channelStates) }),
    };
  });
}

const publicationsPage = 30;

/** Newest first; states as of now. @throws Refused FORBIDDEN. */
export async function listPublications(member: Member, cursor?: string): Promise<{ publications: Publication[]; nextCursor: string | null }> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  return inTenant(member, async (tx) => {
    const rows = await publicationsWhere(tx, member, cursor ? lt(publications.id, cursor) : undefined, publicationsPage + 1);
    const page = rows.slice(0, publicationsPage);
    const underWay = await stillUnderWay(tx, page.filter(({ state }) => state === "sending").map(({ id }) => id));
    return {
      publications: page.map((row) => ({ ...row, state: row.state === "sending" && !underWay.has(row.id) ? ("sent" as const) : row.state })),
      nextCursor: rows.length > publicationsPage ? (page.at(-1)?.id ?? null) : null,
    };
  });
}

async function publicationsWhere(tx: Tx, tenant: Tenant, which: SQL | undefined, limit: number): Promise<Publication[]> {
  const rows = await tx
    .select({ publication: publications, templateName: customTemplates.name, templateKey: customTemplates.key, name: users.name, email: users.email })
    .from(publications)
    .innerJoin(customTemplates, eq(customTemplates.id, publications.templateId))
    .innerJoin(members, eq(members.id, publications.requestedBy))
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(publications.organizationId, tenant.organizationId), which))
    .orderBy(desc(publications.id))
    .limit(limit);
  return rows.map(({ publication, templateName, templateKey, name, email }) => ({
    id: publication.id,
    state: publication.state,
    templateId: publication.templateId,
    templateName,
    templateKey,
    category: publication.category,
    variables: publication.variables,
    audience: publication.audience,
    channels: publication.channels,
    words: fillContent(publication.content, publication.variables),
    sendAt: publication.sendAt,
    createdAt: publication.createdAt,
    startedAt: publication.startedAt,
    requestedByName: displayName({ name, email }),
  }));
}

async function inboxOf(tx: Tx, id: string): Promise<{ told: number; read: number }> {
  const [counted] = await tx
    .select({ told: sql<number>`count(*) filter (where shown)::int`, read: sql<number>`count(*) filter (where read_at is not null)::int` })
    .from(receivers)
    .where(eq(receivers.notificationId, id));
  return counted ?? { told: 0, read: 0 };
}

async function channelStatesOf(tx: Tx, id: string): Promise<PublicationProgress["channelStates"]> {
  const rows = await tx.execute<{ channel: ChannelName; state: DeliveryState; count: number }>(sql`
    select mine.channel, coalesce(digest.state, mine.state) as state, count(*)::int as count
    from deliveries mine left join deliveries digest on mine.state = 'merged' and digest.id = mine.reason
    where mine.notification_id = ${id} group by 1, 2`);
  const states: PublicationProgress["channelStates"] = {};
  for (const { channel, state, count } of rows) (states[channel] ??= {})[state] = count;
  return states;
}

async function leftOutOf(tx: Tx, id: string): Promise<PublicationProgress["leftOut"]> {
  const rows = await tx.execute<{ channel: "inbox" | "email" | "push"; why: string; count: number }>(sql`
    select choice.key as channel, choice.value ->> 'why' as why, count(*)::int as count
    from receivers, jsonb_each(receivers.decisions) as choice
    where receivers.notification_id = ${id} and choice.value ->> 'verdict' = 'skip' and choice.value ->> 'why' <> 'not-offered' group by 1, 2`);
  const leftOut: PublicationProgress["leftOut"] = {};
  for (const { channel, why, count } of rows) (leftOut[channel] ??= {})[why] = count;
  return leftOut;
}

const unsettledStates: readonly DeliveryState[] = ["pending", "held", "sending"];
const unsettledIn = (states: PublicationProgress["channelStates"]) =>
  Object.values(states).reduce((sum, counts) => sum + unsettledStates.reduce((inner, state) => inner + (counts[state] ?? 0), 0), 0);

/** Large audiences are told in chunks. What started before that was noted has long been told. */
const everybodyTold = () => sql<boolean>`(${publications.settledAt} is not null or ${publications.startedAt} < ${new Date(clock.nowMs() - 86_400_000).toISOString()}::timestamptz)`;

async function isFannedOut(tx: Tx, id: string): Promise<boolean> {
  const found = await tx.select({ id: publications.id }).from(publications).where(and(eq(publications.id, id), everybodyTold()));
  return found.length > 0;
}

async function stillUnderWay(tx: Tx, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.execute<{ id: string }>(sql`
    select id from ${publications}
    where id = any(${sql.param(ids)}::text[]) and (not ${everybodyTold()}
      or exists (
        select 1 from deliveries mine left join deliveries digest on mine.state = 'merged' and digest.id = mine.reason
        where mine.notification_id = ${publications.id} and coalesce(digest.state, mine.state) in ('pending', 'held', 'sending')))`);
  return new Set(rows.map(({ id }) => id));
}

/** How many members a set holds, for whoever is about to write to them. */
export async function audienceSize(tx: Tx, tenant: Tenant, spec: AudienceSpec): Promise<number> {
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(members)
    .where(and(eq(members.organizationId, tenant.organizationId), isNull(members.removedAt), isIn(spec)));
  return row?.count ?? 0;
}

const isIn = ({ everyone, roles = [], workspaceIds = [], memberIds = [] }: AudienceSpec) => sql`(${everyone ?? false}
  or ${members.role} = any(${sql.param(roles)}::text[]) or ${members.id} = any(${sql.param(memberIds)}::text[])
  or exists (select 1 from ${workspaceMembers} where ${workspaceMembers.memberId} = ${members.id} and ${workspaceMembers.workspaceId} = any(${sql.param(workspaceIds)}::text[])))`;

export interface Announcement {
  id: string;
  words: FilledWords;
  publishedByName: string;
  startedAt: Date;
}

/** A publication for those who got it, and for admins, in their language. @throws Refused NOT_FOUND. */
export async function announcement(member: Member, id: string): Promise<Announcement> {
  const found = isId("notification", id)
    ? await inTenant(member, async (tx) => {
        const told = sql`exists (select 1 from receivers where receivers.notification_id = ${publications.id} and receivers.member_id = ${member.id})`;
        const [publication] = await publicationsWhere(tx, member, and(eq(publications.id, id), mayManageTemplates(member) ? undefined : told), 1);
        return publication;
      })
    : undefined;
  if (!found?.startedAt) throw new Refused("NOT_FOUND");
  const { words, requestedByName, startedAt } = found;
  return { id, words: words[member.locale as "en"] ?? words.en, publishedByName: requestedByName, startedAt };
}

/** What publications say, by id, when their mails are written. One that was cancelled or is gone is absent. */
export async function publishedWords(tenant: Tenant, ids: string[]): Promise<Map<string, Omit<PublishedContent, "isMember">>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  return inTenant(tenant, async (tx) => {
    const [organization] = await tx.select({ name: organizations.name, slug: organizations.slug }).from(organizations).where(eq(organizations.id, tenant.organizationId));
    if (!organization) return new Map();
    const found = await publicationsWhere(tx, tenant, inArray(publications.id, wanted), wanted.length);
    return new Map(
      found
        .filter(({ state }) => state !== "cancelled")
        .map(({ id, words, requestedByName }) => [
          id,
          { publicationId: id, words, publisherName: requestedByName, organizationName: organization.name, organizationSlug: organization.slug },
        ]),
    );
  });
}

/** Scheduled ones whose time has come: what a lost wake-up left behind. */
export async function duePublications(limit: number): Promise<{ id: string; organizationId: string }[]> {
  return asSystem("sweep", (tx) =>
    tx
      .select({ id: publications.id, organizationId: publications.organizationId })
      .from(publications)
      .where(and(eq(publications.state, "scheduled"), lte(publications.sendAt, clock.now())))
      .orderBy(publications.sendAt)
      .limit(limit),
  );
}

export const publicationUrl = (id: string) => `${env().APP_URL}/api/notifications/${id}`;
