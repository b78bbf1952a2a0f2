import { and, asc, desc, eq, isNull, ne, sql, type SQL } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { readableArticle } from "../access/queries";
import { articlePlaces } from "../articles/tables";
import { maySeeReaders } from "../policy";
import type { ReadersInput } from "./inputs";
import { cursorOfReader, readReaderCursor } from "./rules";
import { acknowledgements, mustReads } from "./tables";

export interface Reader {
  memberId: string;
  name: string;
  /** Null while they have not said so. */
  acknowledged: { version: number; at: Date } | null;
  /** They are not a member any longer. */
  gone: boolean;
}

export interface ReadersPage {
  dueAt: Date | null;
  remindedAt: Date | null;
  /** Whether they may be reminded again. */
  done: number;
  waiting: number;
  readers: Reader[];
  nextCursor: string | null;
}

/** The name that people are sorted by, as the list compares it. */
const sortedBy = sql<string>`lower(coalesce(nullif(trim(${users.name}), ''), ${users.email}))`;

/** Who is asked and has not said that they read it: in its workspaces now, not removed, and not who wrote it. */
const isWaiting = (article: { id: string; authorId: string }): SQL | undefined =>
  and(
    isNull(members.removedAt),
    ne(members.id, article.authorId),
    sql`exists (select 1 from ${articlePlaces} join ${workspaceMembers} on ${workspaceMembers.workspaceId} = ${articlePlaces.workspaceId}
      where ${articlePlaces.articleId} = ${article.id} and ${workspaceMembers.memberId} = ${members.id})`,
    sql`not exists (select 1 from ${acknowledgements} where ${acknowledgements.articleId} = ${article.id} and ${acknowledgements.memberId} = ${members.id})`,
  );

/** Their ids, for a reminder. */
export async function waitingMembers(tx: Tx, article: { id: string; authorId: string }): Promise<string[]> {
  const rows = await tx.select({ id: members.id }).from(members).where(isWaiting(article)).orderBy(asc(members.id));
  return rows.map(({ id }) => id);
}

/**
 * Who has said that they read it, the latest first, or who has not, by name; with how many there are of both. For its author and admins.
 * What somebody has said stays known when they have left.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, CONFLICT (nobody asks), INVALID (cursor).
 */
export async function readersOf(member: Member, articleId: string, { which, cursor, limit }: ReadersInput): Promise<ReadersPage> {
  const after = cursor === undefined ? null : readReaderCursor(cursor);
  if (cursor !== undefined && !after) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  return inTenant(member, async (tx) => {
    const article = await readableArticle(tx, member, articleId);
    if (!maySeeReaders(member, article)) throw new Refused("FORBIDDEN");
    const [asked] = await tx.select().from(mustReads).where(eq(mustReads.articleId, articleId));
    if (!asked) throw new Refused("CONFLICT", { detail: "Readers of this article are not asked to say that they have read it." });
    const [counts] = await tx
      .select({
        done: sql<number>`(select count(*)::int from ${acknowledgements} where ${acknowledgements.articleId} = ${articleId})`,
        waiting: sql<number>`count(*)::int`,
      })
      .from(members)
      .where(isWaiting(article));
    const rows = which === "done" ? await doneRows(tx, articleId, after, limit + 1) : await waitingRows(tx, article, after, limit + 1);
    const last = rows.at(limit - 1);
    return {
      dueAt: asked.dueAt,
      remindedAt: asked.remindedAt,
      done: counts?.done ?? 0,
      waiting: counts?.waiting ?? 0,
      readers: rows.slice(0, limit).map(({ person, acknowledged, removedAt }) => ({ memberId: person.id, name: displayName(person), acknowledged, gone: removedAt !== null })),
      nextCursor: last && rows.length > limit ? cursorOfReader(last.key, last.person.id) : null,
    };
  });
}

interface Row {
  key: string;
  person: { id: string; name: string | null; email: string };
  removedAt: Date | null;
  acknowledged: { version: number; at: Date } | null;
}

const person = { id: members.id, name: users.name, email: users.email };

async function waitingRows(tx: Tx, article: { id: string; authorId: string }, after: { key: string; memberId: string } | null, limit: number): Promise<Row[]> {
  const rows = await tx
    .select({ key: sortedBy, person, removedAt: members.removedAt })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(isWaiting(article), after ? sql`(${sortedBy}, ${members.id}) > (${after.key}, ${after.memberId})` : undefined))
    .orderBy(asc(sortedBy), asc(members.id))
    .limit(limit);
  return rows.map((row) => ({ ...row, acknowledged: null }));
}

async function doneRows(tx: Tx, articleId: string, after: { key: string; memberId: string } | null, limit: number): Promise<Row[]> {
  const key = sql<string>`to_char(${acknowledgements.acknowledgedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  return tx
    .select({ key, person, removedAt: members.removedAt, acknowledged: { version: acknowledgements.version, at: acknowledgements.acknowledgedAt } })
    .from(acknowledgements)
    .innerJoin(members, eq(members.id, acknowledgements.memberId))
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(acknowledgements.articleId, articleId), after ? sql`(${key}, ${members.id}) < (${after.key}, ${after.memberId})` : undefined))
    .orderBy(desc(key), desc(members.id))
    .limit(limit);
}
