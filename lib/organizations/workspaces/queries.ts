import { cache } from "react";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "../actor";
import type { Role } from "../inputs";
import { mayManageMembers } from "../policy";
import { members, workspaceMembers, workspaces } from "../tables";

export interface MyWorkspace {
  id: string;
  name: string;
  slug: string;
}

/** The workspaces that the member is in, the oldest first. The frame of a page and the page itself ask once for both. */
export const myWorkspaces = cache(
  async (member: Member): Promise<MyWorkspace[]> =>
    inTenant(member, (tx) =>
      tx
        .select({ id: workspaces.id, name: workspaces.name, slug: workspaces.slug })
        .from(workspaces)
        .innerJoin(workspaceMembers, and(eq(workspaceMembers.workspaceId, workspaces.id), eq(workspaceMembers.memberId, member.id)))
        .where(eq(workspaces.organizationId, member.organizationId))
        .orderBy(asc(workspaces.id)),
    ),
);

export interface WorkspacePlace extends MyWorkspace {
  /** Whether the reader is in it; who manages it need not be. */
  isIn: boolean;
  manages: boolean;
}

/** For its settings: whoever is in it, and whoever manages the organization. @throws Refused NOT_FOUND. */
export async function workspacePlace(member: Member, slug: string): Promise<WorkspacePlace> {
  // PostgreSQL holds no U+0000, so nothing is found by it.
  if (slug.includes("\u0000")) throw new Refused("NOT_FOUND");
  const [found] = await inTenant(member, (tx) =>
    tx
      .select({ id: workspaces.id, name: workspaces.name, slug: workspaces.slug, isIn: sql<boolean>`${workspaceMembers.memberId} is not null` })
      .from(workspaces)
      .leftJoin(workspaceMembers, and(eq(workspaceMembers.workspaceId, workspaces.id), eq(workspaceMembers.memberId, member.id)))
      .where(and(eq(workspaces.organizationId, member.organizationId), eq(workspaces.slug, slug))),
  );
  const manages = mayManageMembers(member);
  if (!found || !(found.isIn || manages)) throw new Refused("NOT_FOUND");
  return { ...found, manages };
}

export interface WorkspaceMember {
  id: string;
  name: string;
  email: string;
  role: Role;
  /** Since when they are in the workspace. */
  since: Date;
  isYou: boolean;
}

const byName = sql`lower(coalesce(nullif(${users.name}, ''), ${users.email}))`;

/** Who is in the workspace now, by name; nobody who left the organization. @throws Refused NOT_FOUND to whom it is none of their business. */
export async function workspaceMembersOf(member: Member, workspaceId: string): Promise<WorkspaceMember[]> {
  return inTenant(member, async (tx) => {
    const rows = await tx
      .select({ id: members.id, name: users.name, email: users.email, role: members.role, since: workspaceMembers.createdAt })
      .from(workspaceMembers)
      .innerJoin(members, eq(members.id, workspaceMembers.memberId))
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(workspaceMembers.organizationId, member.organizationId), eq(workspaceMembers.workspaceId, workspaceId), isNull(members.removedAt)))
      .orderBy(byName, asc(members.id));
    if (!mayManageMembers(member) && !rows.some(({ id }) => id === member.id)) throw new Refused("NOT_FOUND");
    return rows.map((row) => ({ ...row, name: displayName(row), isYou: row.id === member.id }));
  });
}

/** How many are offered to be added: more than that is searched in the list of members. */
const offeredMax = 1000;

/** Members of the organization who are not in the workspace. @throws Refused FORBIDDEN. */
export async function addableTo(member: Member, workspaceId: string): Promise<{ id: string; name: string; email: string }[]> {
  if (!mayManageMembers(member)) throw new Refused("FORBIDDEN");
  const rows = await inTenant(member, (tx) =>
    tx
      .select({ id: members.id, name: users.name, email: users.email })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .leftJoin(workspaceMembers, and(eq(workspaceMembers.memberId, members.id), eq(workspaceMembers.workspaceId, workspaceId)))
      .where(and(eq(members.organizationId, member.organizationId), isNull(members.removedAt), isNull(workspaceMembers.memberId)))
      .orderBy(byName, asc(members.id))
      .limit(offeredMax),
  );
  return rows.map((row) => ({ ...row, name: displayName(row) }));
}
