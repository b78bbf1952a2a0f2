import { sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { acknowledgements, mustReads } from "../../must-reads/tables";
import { articleReads, workspaceReads } from "../../reading/tables";
import { articlePlaces, articles } from "../tables";

/** A line of what is new anywhere: enough to decide whether to open it. */
export interface LatestArticle {
  id: string;
  title: string;
  authorId: string;
  authorName: string;
  /** The reader's workspace that it stands in; of several, the oldest. */
  workspace: string;
  publishedAt: Date;
  unread: boolean;
  /** Its readers are asked to say that they have read it, and this one has not. */
  awaited: boolean;
}

/** The newest articles over all workspaces that the member is in, each once: a few from each along its index, and the newest of those. */
export async function latestArticles(member: Member, limit: number): Promise<LatestArticle[]> {
  return inTenant(member, async (tx) => {
    const rows = await tx.execute<{
      id: string;
      title: string;
      author_id: string;
      author_name: string | null;
      author_email: string;
      workspace: string;
      published_at: string;
      unread: boolean;
      awaited: boolean;
    }>(sql`
      select a.id, a.title, a.author_id, u.name as author_name, u.email as author_email, place.workspace, a.published_at,
        r.member_id is null and place.listed_at > place.since as unread,
        q.article_id is not null and a.author_id <> ${member.id} and not exists (
          select 1 from ${acknowledgements} k where k.article_id = a.id and k.member_id = ${member.id}) as awaited
      from (
        select distinct on (newest.article_id) newest.article_id, newest.listed_at, w.name as workspace, coalesce(greatest(x.read_before, m.created_at), '-infinity') as since
        from ${workspaceMembers} m
        join ${workspaces} w on w.id = m.workspace_id
        left join ${workspaceReads} x on x.member_id = m.member_id and x.workspace_id = m.workspace_id
        cross join lateral (
          select p.article_id, p.listed_at from ${articlePlaces} p
          where p.workspace_id = m.workspace_id and p.listed_at is not null
          order by p.listed_at desc, p.article_id desc limit ${limit}) as newest
        where m.organization_id = ${member.organizationId} and m.member_id = ${member.id}
        order by newest.article_id, w.id) as place
      join ${articles} a on a.id = place.article_id
      join ${members} author on author.id = a.author_id
      join ${users} u on u.id = author.user_id
      left join ${articleReads} r on r.member_id = ${member.id} and r.article_id = a.id
      left join ${mustReads} q on q.article_id = a.id
      order by place.listed_at desc, a.id desc limit ${limit}`);
    return rows.map((row) => ({
      id: row.id,
      title: row.title,
      authorId: row.author_id,
      authorName: displayName({ name: row.author_name, email: row.author_email }),
      workspace: row.workspace,
      publishedAt: new Date(row.published_at),
      unread: row.unread,
      awaited: row.awaited,
    }));
  });
}
