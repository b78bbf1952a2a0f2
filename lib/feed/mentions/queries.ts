import { and, eq, exists, ilike, isNull, or, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { sharedArticle } from "../access/queries";
import { articlePlaces } from "../articles/tables";
import { peopleOffered, type FindPeopleInput } from "./inputs";
import type { MentionablePerson } from "./mappings";

/**
 * The people who read along where an article stands or is being written, by name: who begins with what was typed comes first.
 * @throws Refused NOT_FOUND, ARTICLE_GONE.
 */
export async function peopleToMention(member: Member, articleId: string, { search }: FindPeopleInput): Promise<MentionablePerson[]> {
  const typed = search.replace(/[\\%_]/g, "\\$&");
  return inTenant(member, async (tx) => {
    const article = await sharedArticle(tx, member, articleId);
    if (article.authorId !== member.id && article.version === 0) throw new Refused("NOT_FOUND");
    const readsAlong = tx
      .select({ one: sql`1` })
      .from(workspaceMembers)
      .innerJoin(articlePlaces, eq(articlePlaces.workspaceId, workspaceMembers.workspaceId))
      .where(and(eq(workspaceMembers.memberId, members.id), eq(articlePlaces.articleId, articleId)));
    const name = sql`coalesce(nullif(${users.name}, ''), ${users.email})`;
    const rows = await tx
      .select({ id: members.id, name: users.name, email: users.email })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(
        and(
          eq(members.organizationId, member.organizationId),
          isNull(members.removedAt),
          exists(readsAlong),
          search === "" ? undefined : or(ilike(users.name, `%${typed}%`), ilike(users.email, `${typed}%`)),
        ),
      )
      .orderBy(sql`${name} not ilike ${`${typed}%`}`, sql`lower(${name})`, members.id)
      .limit(peopleOffered);
    return rows.map((person) => ({ id: person.id, name: displayName(person) }));
  });
}
