import { sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { readableArticle } from "../access/queries";
import { refuseOutsider } from "../feeds/queries";
import { articleReads, workspaceReads } from "./tables";

/** The member has the article in front of them. The first time counts. @throws Refused NOT_FOUND, ARTICLE_GONE. */
export function noteRead(member: Member, articleId: string): Promise<void> {
  return inTenant(member, async (tx) => {
    await readableArticle(tx, member, articleId);
    await markRead(tx, member, articleId);
  });
}

/** For callers that have proven that the member may read it. */
export async function markRead(tx: Tx, member: Member, articleId: string): Promise<void> {
  await tx.insert(articleReads).values({ organizationId: member.organizationId, articleId, memberId: member.id, readAt: clock.now() }).onConflictDoNothing();
}

/** Everything that stood in the workspace before that instant counts as read. Never goes back, nor ahead of now. @throws Refused NOT_FOUND. */
export function readAll(member: Member, workspaceId: string, before: Date): Promise<void> {
  return inTenant(member, async (tx) => {
    await refuseOutsider(tx, member, workspaceId);
    // What nobody could have read yet is not said to a database that knows no such day.
    const readBefore = new Date(Math.max(0, Math.min(before.getTime(), clock.nowMs())));
    await tx
      .insert(workspaceReads)
      .values({ organizationId: member.organizationId, workspaceId, memberId: member.id, readBefore })
      .onConflictDoUpdate({ target: [workspaceReads.memberId, workspaceReads.workspaceId], set: { readBefore: sql`greatest(${workspaceReads.readBefore}, excluded.read_before)` } });
  });
}
