import { sql, type SQL } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { log } from "@/lib/platform/log";
import { liveEachMax } from "../fan-out/rules";
import { oneThreadAtATime } from "../fan-out/turns/commands";
import { announceInboxes, announceStale } from "../inbox/commands";
import { threadsOfArticle } from "../news/mappings";
import { withdrawals } from "../topics/tables";

/** What is gone: whole threads, and single subjects with the threads that they are told in. */
export interface Gone {
  threads?: string[];
  subjects?: { id: string; threads: string[] }[];
}

/** Rows a transaction takes on; a thread of 100,000 readers must not keep its locks for seconds. */
const rowsAtOnce = 5_000;

/**
 * Nothing of it is told any more: its rows leave the inboxes, what waits is left out, and a fan-out that comes later does nothing. The
 * mark is made first, under the lock that fan-outs take, so that from then on rows only become fewer. Safe to repeat: a run that died
 * is finished by the next.
 * @returns how many rows and messages were taken back.
 */
export async function withdraw(tenant: Tenant, { threads = [], subjects = [] }: Gone, atOnce = rowsAtOnce): Promise<{ rows: number; messages: number }> {
  const keys = [...threads, ...subjects.map(({ id }) => id)];
  const turns = [...threads, ...subjects.flatMap((subject) => subject.threads)];
  if (keys.length === 0) return { rows: 0, messages: 0 };
  const gone = goneNotifications(tenant, threads, subjects.map(({ id }) => id));
  await inTenant(tenant, async (tx) => {
    await oneThreadAtATime(tx, turns);
    await tx
      .insert(withdrawals)
      .values(keys.map((key) => ({ organizationId: tenant.organizationId, key, createdAt: clock.now() })))
      .onConflictDoNothing();
  });
  const messages = await inChunks(atOnce, () => inTenant(tenant, (tx) => leaveOut(tx, gone, atOnce)));
  const readers = new Set<string>();
  const rows = await inChunks(atOnce, () =>
    inTenant(tenant, async (tx) => {
      await oneThreadAtATime(tx, turns);
      const taken = await takeRows(tx, gone, atOnce);
      await newHeads(tx, taken.filter(({ head }) => head));
      for (const { member_id } of taken) readers.add(member_id);
      return taken.length;
    }),
  );
  log.info("withdrawn", { threads, subjects: subjects.map(({ id }) => id), rows, messages });
  await announce(tenant, [...readers]);
  return { rows, messages };
}

/** Everything about an article: it, its comments and its likes. */
export const withdrawArticle = (tenant: Tenant, articleId: string) => withdraw(tenant, { threads: threadsOfArticle(articleId) });

/** One comment with its likes; the rest of the conversation stays. */
export const withdrawComment = (tenant: Tenant, articleId: string, commentId: string) => withdraw(tenant, { subjects: [{ id: commentId, threads: threadsOfArticle(articleId) }] });

async function inChunks(atOnce: number, work: () => Promise<number>): Promise<number> {
  for (let sum = 0; ; ) {
    const done = await work();
    sum += done;
    if (done < atOnce) return sum;
  }
}

/** Threads and subjects have an index each, which one condition with "or" would use neither of. */
const goneNotifications = (tenant: Tenant, threads: string[], subjects: string[]) => sql`(
  select id from notifications where organization_id = ${tenant.organizationId} and thread = any(${textArray(threads)})
  union select id from notifications where organization_id = ${tenant.organizationId} and subject_id = any(${textArray(subjects)}))`;

interface Taken extends Record<string, unknown> {
  member_id: string;
  thread: string;
  head: boolean;
}

function takeRows(tx: Tx, gone: SQL, limit: number): Promise<Taken[]> {
  return tx.execute<Taken>(sql`
    delete from receivers where id in (select id from receivers where notification_id in ${gone} limit ${limit}) returning member_id, thread, head`);
}

/** The next shown row of a thread takes the place of a line that went, at its own place and as read or unread as it was. */
async function newHeads(tx: Tx, lost: Taken[]): Promise<void> {
  if (lost.length === 0) return;
  await tx.execute(sql`
    update receivers set head = true from (
      select distinct on (under.member_id, under.thread) under.id
      from unnest(${textArray(lost.map(({ member_id }) => member_id))}, ${textArray(lost.map(({ thread }) => thread))}) as lost (member_id, thread)
      join receivers under on under.member_id = lost.member_id and under.thread = lost.thread and not under.head and under.shown
      join notifications cause on cause.id = under.notification_id
      order by under.member_id, under.thread, cause.occurred_at desc, under.id desc
    ) as next where receivers.id = next.id`);
}

/**
 * What waits and was not written yet; what was is on its way. A mail that speaks for others as well goes without this one: its subject
 * is asked again when it leaves.
 */
async function leaveOut(tx: Tx, gone: SQL, limit: number): Promise<number> {
  const rows = await tx.execute(sql`
    update deliveries set state = 'skipped', reason = 'withdrawn', settled_at = ${clock.now().toISOString()}::timestamptz
    where id in (
      select waiting.id from deliveries waiting
      where waiting.notification_id in ${gone} and waiting.state in ('pending', 'held') and waiting.message is null
        and not exists (
          select 1 from deliveries spoken where spoken.state = 'merged' and spoken.reason = waiting.id and spoken.notification_id not in ${gone})
      order by waiting.id limit ${limit} for update)
    returning id`);
  return rows.length;
}

/** The counts are read after the commit. Very many hear together and ask for themselves. */
async function announce(tenant: Tenant, readers: string[]): Promise<void> {
  if (readers.length > liveEachMax) await announceStale(tenant, readers.length);
  else if (readers.length > 0) await announceInboxes(tenant, readers.map((memberId) => ({ memberId, receiverId: null, type: null, subjectId: null })));
}
