import { and, eq, inArray, isNull } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers } from "@/lib/organizations/tables";

/** The present names of these members, removed ones included: what they wrote and where they are mentioned stays. */
export async function namesOf(tx: Tx, tenant: Tenant, memberIds: string[]): Promise<Map<string, string>> {
  const asked = [...new Set(memberIds)];
  if (asked.length === 0) return new Map();
  const rows = await tx
    .select({ id: members.id, name: users.name, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, tenant.organizationId), inArray(members.id, asked)));
  return new Map(rows.map((person) => [person.id, displayName(person)]));
}

/** Of these members, in their order, those who may be told of a mention: present, in one of the workspaces, and not who mentions them. */
export async function mentionable(tx: Tx, member: Member, memberIds: string[], workspaceIds: string[]): Promise<string[]> {
  const asked = [...new Set(memberIds)].filter((id) => isId("member", id) && id !== member.id);
  if (asked.length === 0 || workspaceIds.length === 0) return [];
  const rows = await tx
    .selectDistinct({ id: members.id })
    .from(workspaceMembers)
    .innerJoin(members, and(eq(members.id, workspaceMembers.memberId), isNull(members.removedAt)))
    .where(
      and(
        eq(workspaceMembers.organizationId, member.organizationId),
        inArray(workspaceMembers.workspaceId, workspaceIds),
        inArray(workspaceMembers.memberId, asked),
      ),
    );
  const found = new Set(rows.map(({ id }) => id));
  return asked.filter((id) => found.has(id));
}
