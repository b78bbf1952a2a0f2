import { and, asc, desc, eq, ilike, isNull, lt, or, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import type { SessionUser } from "@/lib/platform/auth/session";
import { users } from "@/lib/platform/auth/tables";
import { asUser, inTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "./actor";
import { roles, type Role } from "./inputs";
import { grantableRoles, mayGrantRole, mayManageMembers, mayRemoveMember } from "./policy";
import { auditEntries, members, organizations, workspaceMembers, workspaces } from "./tables";

export interface OrganizationMember {
  id: string;
  name: string;
  email: string;
  role: Role;
  locale: string;
  timeZone: string;
  joinedAt: Date;
}

/** The people of the member's organization by name; `search` looks into names and addresses. */
export async function organizationMembers(
  member: Member,
  options: { search?: string; limit?: number } = {},
): Promise<OrganizationMember[]> {
  const pattern = options.search?.trim() ? `%${options.search.trim().replace(/[\\%_]/g, "\\$&")}%` : null;
  const rows = await inTenant(member, (tx) =>
    tx
      .select({
        id: members.id,
        name: users.name,
        email: users.email,
        role: members.role,
        locale: users.locale,
        timeZone: users.timeZone,
        joinedAt: members.joinedAt,
      })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(
        and(
          eq(members.organizationId, member.organizationId),
          isNull(members.removedAt),
          pattern ? or(ilike(users.name, pattern), ilike(users.email, pattern)) : undefined,
        ),
      )
      .orderBy(sql`lower(coalesce(nullif(${users.name}, ''), ${users.email}))`, asc(members.id))
      .limit(options.limit ?? 1000),
  );
  return rows.map((row) => ({ ...row, name: displayName(row) }));
}

/** A row of the members page: a person and what the reader may do with them. */
export interface MemberRow extends OrganizationMember {
  isYou: boolean;
  /** Empty when the reader may not change the role. */
  grantableRoles: Role[];
  mayRemove: boolean;
}

export async function memberRows(member: Member): Promise<MemberRow[]> {
  const everybody = await organizationMembers(member);
  return everybody.map((other) => ({
    ...other,
    isYou: other.id === member.id,
    grantableRoles: grantableRoles(member, other, roles),
    mayRemove: mayRemoveMember(member, other),
  }));
}

/** What the pages of the settings offer this member at all. */
export function settingsAccess(member: Member): { manages: boolean; invitableRoles: Role[] } {
  return { manages: mayManageMembers(member), invitableRoles: roles.filter((role) => mayGrantRole(member, role)) };
}

export interface MyOrganization {
  slug: string;
  name: string;
  role: Role;
}

/** The organizations a person is in, the one joined first at the top. */
export async function myOrganizations(person: SessionUser): Promise<MyOrganization[]> {
  return asUser(person.id, (tx) =>
    tx
      .select({ slug: organizations.slug, name: organizations.name, role: members.role })
      .from(members)
      .innerJoin(organizations, eq(organizations.id, members.organizationId))
      .where(and(eq(members.userId, person.id), isNull(members.removedAt)))
      .orderBy(asc(members.joinedAt), asc(members.id)),
  );
}

export interface WorkspaceSummary {
  id: string;
  name: string;
  slug: string;
  memberCount: number;
}

export async function organizationWorkspaces(member: Member): Promise<WorkspaceSummary[]> {
  return inTenant(member, (tx) =>
    tx
      .select({
        id: workspaces.id,
        name: workspaces.name,
        slug: workspaces.slug,
        memberCount: sql<number>`count(${members.id})::int`,
      })
      .from(workspaces)
      .leftJoin(workspaceMembers, eq(workspaceMembers.workspaceId, workspaces.id))
      .leftJoin(members, and(eq(members.id, workspaceMembers.memberId), isNull(members.removedAt)))
      .where(eq(workspaces.organizationId, member.organizationId))
      .groupBy(workspaces.id)
      .orderBy(asc(workspaces.id)),
  );
}

export async function organizationMemberCount(member: Member): Promise<number> {
  const [counted] = await inTenant(member, (tx) =>
    tx
      .select({ count: sql<number>`count(*)::int` })
      .from(members)
      .where(and(eq(members.organizationId, member.organizationId), isNull(members.removedAt))),
  );
  return counted?.count ?? 0;
}

export interface OrganizationSettings {
  name: string;
  slug: string;
  locale: string;
  timeZone: string;
}

export async function organizationSettings(member: Member): Promise<OrganizationSettings> {
  const [settings] = await inTenant(member, (tx) =>
    tx
      .select({ name: organizations.name, slug: organizations.slug, locale: organizations.locale, timeZone: organizations.timeZone })
      .from(organizations)
      .where(eq(organizations.id, member.organizationId)),
  );
  if (!settings) throw new Refused("NOT_FOUND");
  return settings;
}

export interface AuditEntry {
  id: string;
  actorName: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
  createdAt: Date;
}

const auditPage = 50;

/** Newest first; `nextCursor` is null at the end. Only for admins: it names who was invited and removed. */
export async function auditLog(member: Member, cursor?: string): Promise<{ entries: AuditEntry[]; nextCursor: string | null }> {
  if (!mayManageMembers(member)) throw new Refused("FORBIDDEN");
  const rows = await inTenant(member, (tx) =>
    tx
      .select({
        id: auditEntries.id,
        name: users.name,
        email: users.email,
        action: auditEntries.action,
        subject: auditEntries.subject,
        detail: auditEntries.detail,
        createdAt: auditEntries.createdAt,
      })
      .from(auditEntries)
      .innerJoin(members, eq(members.id, auditEntries.actorId))
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(auditEntries.organizationId, member.organizationId), cursor ? lt(auditEntries.id, cursor) : undefined))
      .orderBy(desc(auditEntries.id))
      .limit(auditPage + 1),
  );
  const entries = rows.slice(0, auditPage).map(({ name, email, ...entry }) => ({ ...entry, actorName: displayName({ name, email }) }));
  return { entries, nextCursor: rows.length > auditPage ? (entries.at(-1)?.id ?? null) : null };
}

/** The organization's own name and address, for what is written in its name. */
export async function organizationNamed(tenant: Tenant): Promise<{ name: string; slug: string }> {
  const [found] = await inTenant(tenant, (tx) =>
    tx.select({ name: organizations.name, slug: organizations.slug }).from(organizations).where(eq(organizations.id, tenant.organizationId)),
  );
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}
