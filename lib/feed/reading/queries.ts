import { sql } from "drizzle-orm";
import { inTenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers } from "@/lib/organizations/tables";
import { articlePlaces } from "../articles/tables";
import { articleReads, workspaceReads } from "./tables";

/** More than this is said as 99+. */
export const unreadMax = 99;

/** So many of the newest are looked at: counting must not cost more for who has read much, one by one. */
const newestMax = 500;

/** How much is unread in each workspace that the member is in, at most `unreadMax`, of the newest of each. */
export function unreadByWorkspace(member: Member): Promise<{ workspaceId: string; unread: number }[]> {
  return inTenant(member, async (tx) => {
    await tx.execute(sql`select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`);
    const rows = await tx.execute<{ workspace_id: string; unread: number }>(sql`
      select ${workspaceMembers.workspaceId}, (select count(*)::int from (
          select 1 from (
            select ${articlePlaces.articleId} from ${articlePlaces}
            where ${articlePlaces.workspaceId} = ${workspaceMembers.workspaceId} and ${articlePlaces.listedAt} is not null
              and ${articlePlaces.listedAt} > greatest(${workspaceReads.readBefore}, ${workspaceMembers.createdAt})
            order by ${articlePlaces.listedAt} desc limit ${newestMax}) as newest
          where not exists (select 1 from ${articleReads} where ${articleReads.memberId} = ${member.id} and ${articleReads.articleId} = newest.article_id)
          limit ${unreadMax}) as counted) as unread
      from ${workspaceMembers} left join ${workspaceReads}
        on ${workspaceReads.memberId} = ${workspaceMembers.memberId} and ${workspaceReads.workspaceId} = ${workspaceMembers.workspaceId}
      where ${workspaceMembers.memberId} = ${member.id}`);
    return rows.map(({ workspace_id: workspaceId, unread }) => ({ workspaceId, unread }));
  });
}
