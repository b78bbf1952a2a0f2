import { and, asc, eq, gt, isNull, lte, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { appendAll } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { readableArticle } from "../access/queries";
import { articleFactsOf } from "../articles/facts/queries";
import { articles } from "../articles/tables";
import { acknowledgementDue } from "../events";
import { callReaders } from "../live/commands";
import { maySeeReaders } from "../policy";
import { markRead } from "../reading/commands";
import { waitingMembers } from "./queries";
import { isRemindedAlready, remindAheadMs, remindedPerEvent, remindEverySeconds, triesADay } from "./rules";
import { acknowledgements, mustReads } from "./tables";

/**
 * Asks an article's readers to say that they have read it, until then or at their leisure; or asks no longer. What they have said stays.
 * @throws Refused INVALID (an instant that is over).
 */
export async function setMustRead(tx: Tx, member: Member, articleId: string, wish: { dueAt: string | null } | null): Promise<void> {
  if (!wish) {
    const ended = await tx.delete(mustReads).where(eq(mustReads.articleId, articleId)).returning({ articleId: mustReads.articleId });
    if (ended.length > 0) callReaders(tx, articleId, { what: "article" });
    return;
  }
  const now = clock.now();
  const dueAt = wish.dueAt === null ? null : new Date(wish.dueAt);
  const [before] = await tx.select().from(mustReads).where(eq(mustReads.articleId, articleId)).for("update");
  if (before && before.dueAt?.getTime() === dueAt?.getTime()) return;
  if (dueAt && dueAt <= now) throw refusedField(["mustRead", "dueAt"], "in-the-past", describeFault("in-the-past"));
  const asked = { dueAt, dueReminderAt: isRemindedAlready(dueAt, now) ? now : null };
  await tx
    .insert(mustReads)
    .values({ organizationId: member.organizationId, articleId, askedBy: member.id, ...asked })
    .onConflictDoUpdate({ target: mustReads.articleId, set: asked });
  callReaders(tx, articleId, { what: "article" });
}

/**
 * The member says that they have read the version that was on their screen. Said again, the first time counts.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, CONFLICT (nobody asks), INVALID (a version that there is not).
 */
export function acknowledge(member: Member, articleId: string, version: number): Promise<{ version: number; acknowledgedAt: Date }> {
  return inTenant(member, async (tx) => {
    const article = await readableArticle(tx, member, articleId, "share");
    const [asked] = await tx.select({ articleId: mustReads.articleId }).from(mustReads).where(eq(mustReads.articleId, articleId));
    if (!asked) throw new Refused("CONFLICT", { detail: "Readers of this article are not asked to say that they have read it." });
    if (!Number.isInteger(version) || version < 1 || version > article.version) throw refusedField("version", "invalid", "There is no such version.");
    await tx
      .insert(acknowledgements)
      .values({ organizationId: member.organizationId, articleId, memberId: member.id, version, acknowledgedAt: clock.now() })
      .onConflictDoNothing();
    await markRead(tx, member, articleId);
    const [said] = await tx
      .select({ version: acknowledgements.version, acknowledgedAt: acknowledgements.acknowledgedAt })
      .from(acknowledgements)
      .where(and(eq(acknowledgements.articleId, articleId), eq(acknowledgements.memberId, member.id)));
    if (!said) throw new Error("an acknowledgement that was written is not there");
    return said;
  });
}

/**
 * Reminds everybody who has not said so yet, at most once a day. Nothing is sent, and no day begun, when nobody is left.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, CONFLICT (nobody asks, or it is archived), TOO_MANY_REQUESTS with `retryAfterSeconds`.
 */
export async function remind(member: Member, articleId: string): Promise<{ reminded: number }> {
  if (!isId("article", articleId)) throw new Refused("NOT_FOUND");
  // Whoever asks no longer and then again begins a day anew.
  await limitRate(`remind:${member.id}:${articleId}`, triesADay, remindEverySeconds);
  return inTenant(member, async (tx) => {
    const article = await readableArticle(tx, member, articleId, "share");
    if (!maySeeReaders(member, article)) throw new Refused("FORBIDDEN");
    const [asked] = await tx.select().from(mustReads).where(eq(mustReads.articleId, articleId)).for("update");
    if (!asked || article.state !== "published") throw new Refused("CONFLICT", { detail: "Readers of this article are not asked to say that they have read it." });
    const now = clock.now();
    const againAtMs = (asked.remindedAt?.getTime() ?? Number.NEGATIVE_INFINITY) + remindEverySeconds * 1000;
    if (againAtMs > now.getTime()) throw new Refused("TOO_MANY_REQUESTS", { extra: { retryAfterSeconds: Math.ceil((againAtMs - now.getTime()) / 1000) } });
    const waiting = await waitingMembers(tx, article);
    if (waiting.length === 0) return { reminded: 0 };
    const round = asked.reminders + 1;
    await tx.update(mustReads).set({ remindedAt: now, reminders: round }).where(eq(mustReads.articleId, articleId));
    await tell(tx, member, { memberId: member.id, name: member.name }, { articleId, dueAt: asked.dueAt, round, memberIds: waiting });
    return { reminded: waiting.length };
  });
}

const dueMax = 200;

/** Must-reads that fall due within a day and whose readers have not been reminded of that. */
export function fallingDue(): Promise<{ organizationId: string; articleId: string; dueAt: Date }[]> {
  const now = clock.now();
  return asSystem("articles", async (tx) => {
    const rows = await tx
      .select({ organizationId: mustReads.organizationId, articleId: mustReads.articleId, dueAt: mustReads.dueAt })
      .from(mustReads)
      .innerJoin(articles, eq(articles.id, mustReads.articleId))
      .where(and(isNull(mustReads.dueReminderAt), lte(mustReads.dueAt, new Date(now.getTime() + remindAheadMs)), gt(mustReads.dueAt, now), eq(articles.state, "published"), isNull(articles.deletedAt)))
      .orderBy(asc(mustReads.dueAt))
      .limit(dueMax);
    return rows.flatMap(({ dueAt, ...row }) => (dueAt ? [{ ...row, dueAt }] : []));
  });
}

/** The reminder that comes by itself, once for one instant: of two runs one UPDATE finds it not given yet. */
export function remindOfDue(tenant: Tenant, { articleId, dueAt }: { articleId: string; dueAt: Date }): Promise<{ reminded: number }> {
  return inTenant(tenant, async (tx) => {
    const now = clock.now();
    const [article] = await tx
      .select({ id: articles.id, authorId: articles.authorId })
      .from(articles)
      .where(and(eq(articles.id, articleId), eq(articles.state, "published"), isNull(articles.deletedAt)))
      .for("share");
    if (!article) return { reminded: 0 };
    const [claimed] = await tx
      .update(mustReads)
      .set({ dueReminderAt: now, reminders: sql`${mustReads.reminders} + 1` })
      .where(and(eq(mustReads.articleId, articleId), eq(mustReads.dueAt, dueAt), isNull(mustReads.dueReminderAt)))
      .returning({ round: mustReads.reminders });
    if (!claimed) return { reminded: 0 };
    const memberIds = await waitingMembers(tx, article);
    await tell(tx, tenant, { memberId: null, name: "" }, { articleId, dueAt, round: claimed.round, memberIds });
    return { reminded: memberIds.length };
  });
}

interface Reminder {
  articleId: string;
  dueAt: Date | null;
  round: number;
  memberIds: string[];
}

async function tell(tx: Tx, tenant: Tenant, actor: { memberId: string | null; name: string }, { articleId, dueAt, round, memberIds }: Reminder): Promise<void> {
  const article = await articleFactsOf(tx, tenant, articleId);
  const parts = Array.from({ length: Math.ceil(memberIds.length / remindedPerEvent) }, (_, part) => memberIds.slice(part * remindedPerEvent, (part + 1) * remindedPerEvent));
  await appendAll(tx, tenant, acknowledgementDue, parts.map((part) => ({ actor, article, dueAt: dueAt?.toISOString() ?? null, round, memberIds: part })));
}

/** One round of what falls due. @returns how many articles' readers were reminded. */
export async function remindOfAllDue(): Promise<number> {
  const due = await fallingDue();
  for (const one of due) await remindOfDue(systemTenant(one.organizationId), one);
  return due.length;
}
