import { and, count, eq, inArray, isNull, ne } from "drizzle-orm";
import { inTenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { workspacesOf } from "../access/queries";
import { visibleArticle } from "../articles/visible/queries";

/**
 * How many people besides its author would read an article in these workspaces, each counted once. Of workspaces that the asking
 * member is not in, nothing is told.
 * @throws Refused NOT_FOUND, ARTICLE_GONE.
 */
export async function countReaders(member: Member, articleId: string, workspaceIds: string[]): Promise<number> {
  return inTenant(member, async (tx) => {
    const { authorId } = await visibleArticle(tx, member, articleId);
    const asked = (await workspacesOf(tx, member)).filter(({ id }) => workspaceIds.includes(id)).map(({ id }) => id);
    if (asked.length === 0) return 0;
    const people = tx
      .selectDistinct({ id: workspaceMembers.memberId })
      .from(workspaceMembers)
      .innerJoin(members, and(eq(members.id, workspaceMembers.memberId), isNull(members.removedAt)))
      .where(and(eq(workspaceMembers.organizationId, member.organizationId), inArray(workspaceMembers.workspaceId, asked), ne(workspaceMembers.memberId, authorId)))
      .as("people");
    const [row] = await tx.select({ readers: count() }).from(people);
    return row?.readers ?? 0;
  });
}
