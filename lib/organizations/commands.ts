import { and, eq, inArray, like, or, sql } from "drizzle-orm";
import type { SessionUser } from "@/lib/platform/auth/session";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import { freeSlug, slugOf } from "@/lib/platform/slug";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "./actor";
import { audit } from "./audit";
import { memberJoined, organizationCreated } from "./events";
import { createOrganizationInput, type CreateOrganizationInput, type OrganizationSettingsInput, type Role } from "./inputs";
import { mayManageOrganization } from "./policy";
import { members, organizations, workspaceMembers, workspaces } from "./tables";

export interface NewOrganization {
  organizationId: string;
  slug: string;
  workspaceId: string;
  memberId: string;
}

/** Each may invite and write to so many strangers an hour, so there must be an end to how many one person founds. */
const foundedADay = 20;

/** An organization with its first workspace; the founder is its owner. @throws Refused INVALID, TOO_MANY_REQUESTS. */
export async function createOrganization(founder: SessionUser, input: CreateOrganizationInput): Promise<NewOrganization> {
  const wanted = parseInput(createOrganizationInput, input);
  await limitRate(`organizations:${founder.id}`, foundedADay, 24 * 60 * 60);
  return asSystem("create-organization", async (tx) => {
    if (wanted.founderName) await tx.update(users).set({ name: wanted.founderName }).where(eq(users.id, founder.id));
    // Nobody has asked a newcomer for their zone; later they choose it in their profile, and another organization does not change it.
    if (wanted.timeZone && !(await belongsSomewhere(tx, founder))) {
      await tx.update(users).set({ timeZone: wanted.timeZone }).where(eq(users.id, founder.id));
    }
    const organization = {
      id: newId("organization"),
      name: wanted.name,
      slug: await freeOrganizationSlug(tx, wanted.name),
      locale: wanted.locale ?? founder.locale,
      timeZone: wanted.timeZone ?? founder.timeZone,
      createdAt: clock.now(),
    };
    await tx.insert(organizations).values(organization);
    const tenant = systemTenant(organization.id);
    const workspaceId = await insertWorkspace(tx, tenant, wanted.workspaceName ?? wanted.name);
    const member = { id: newId("member"), name: displayName({ ...founder, name: wanted.founderName ?? founder.name }), email: founder.email };
    await tx.insert(members).values({ id: member.id, organizationId: organization.id, userId: founder.id, role: "owner", joinedAt: clock.now() });
    await tx.insert(workspaceMembers).values({ organizationId: organization.id, workspaceId, memberId: member.id });
    const actor = { memberId: member.id, name: member.name };
    const named = { id: organization.id, name: organization.name, slug: organization.slug };
    await append(tx, tenant, organizationCreated, { actor, organization: named });
    await append(tx, tenant, memberJoined, { actor, organization: named, member, invitedBy: null, invitationId: null });
    await audit(tx, { organizationId: organization.id, id: member.id }, [{ action: "organization.created", subject: organization.name }]);
    return { organizationId: organization.id, slug: organization.slug, workspaceId, memberId: member.id };
  });
}

async function belongsSomewhere(tx: Tx, person: SessionUser): Promise<boolean> {
  const found = await tx.select({ id: members.id }).from(members).where(eq(members.userId, person.id)).limit(1);
  return found.length > 0;
}

/**
 * Makes an existing person a member at once, without an invitation: for durable work and the demo world, which prove the
 * organization by a stored row. Somebody who was a member before returns to their old row, so their history stays theirs.
 */
export async function addMember(
  tenant: Tenant,
  person: SessionUser,
  options: { role?: Role; workspaceIds?: string[] } = {},
): Promise<{ memberId: string }> {
  return inTenant(tenant, async (tx) => {
    const joined = await insertMember(tx, tenant, person.id, options.role ?? "member");
    if (!joined.isNew) throw new Refused("ALREADY_MEMBER");
    await joinWorkspaces(tx, tenant, joined.memberId, options.workspaceIds);
    const organization = await organizationFacts(tx, tenant);
    const member = { id: joined.memberId, name: displayName(person), email: person.email };
    const actor = { memberId: member.id, name: member.name };
    await append(tx, tenant, memberJoined, { actor, organization, member, invitedBy: null, invitationId: null });
    return { memberId: joined.memberId };
  });
}

/** Idempotent under concurrency: of two parallel calls for one person, one sees `isNew` and the other the same member. */
export async function insertMember(tx: Tx, tenant: Tenant, userId: string, role: Role): Promise<{ memberId: string; isNew: boolean }> {
  const [row] = await tx
    .insert(members)
    .values({ organizationId: tenant.organizationId, userId, role, joinedAt: clock.now() })
    .onConflictDoUpdate({
      target: [members.organizationId, members.userId],
      set: { role, joinedAt: clock.now(), removedAt: null },
      setWhere: sql`${members.removedAt} is not null`,
    })
    .returning({ id: members.id });
  if (row) return { memberId: row.id, isNew: true };
  const [existing] = await tx
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.organizationId, tenant.organizationId), eq(members.userId, userId)));
  if (!existing) throw new Error("A membership vanished between two statements of one transaction.");
  return { memberId: existing.id, isNew: false };
}

/** Without a choice a new member is in the first workspace, so that nobody lands in an empty house. */
export async function joinWorkspaces(tx: Tx, tenant: Tenant, memberId: string, workspaceIds?: string[]): Promise<void> {
  const chosen = await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, tenant.organizationId), workspaceIds ? inArray(workspaces.id, workspaceIds) : undefined))
    .orderBy(workspaces.id)
    .limit(workspaceIds ? workspaceIds.length : 1);
  if (workspaceIds && chosen.length !== new Set(workspaceIds).size) throw new Refused("NOT_FOUND");
  if (chosen.length === 0) return;
  await tx
    .insert(workspaceMembers)
    .values(chosen.map(({ id }) => ({ organizationId: tenant.organizationId, workspaceId: id, memberId })))
    .onConflictDoNothing();
}

export async function organizationFacts(tx: Tx, tenant: Tenant): Promise<{ id: string; name: string; slug: string }> {
  const [facts] = await tx
    .select({ id: organizations.id, name: organizations.name, slug: organizations.slug })
    .from(organizations)
    .where(eq(organizations.id, tenant.organizationId));
  if (!facts) throw new Refused("NOT_FOUND");
  return facts;
}

export async function changeOrganization(member: Member, settings: OrganizationSettingsInput): Promise<void> {
  if (!mayManageOrganization(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    await tx.update(organizations).set(settings).where(eq(organizations.id, member.organizationId));
    await audit(tx, member, [{ action: "organization.changed", subject: settings.name, detail: { ...settings, previousName: member.organizationName } }]);
  });
}

/** Whoever makes a workspace is in it. */
export async function createWorkspace(member: Member, name: string): Promise<{ workspaceId: string }> {
  if (!mayManageOrganization(member)) throw new Refused("FORBIDDEN");
  return inTenant(member, async (tx) => {
    const workspaceId = await insertWorkspace(tx, member, name);
    await tx.insert(workspaceMembers).values({ organizationId: member.organizationId, workspaceId, memberId: member.id });
    await audit(tx, member, [{ action: "workspace.created", subject: name }]);
    return { workspaceId };
  });
}

/** The address stays: links to a workspace outlive its name. */
export async function renameWorkspace(member: Member, workspaceId: string, name: string): Promise<void> {
  if (!mayManageOrganization(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    const own = and(eq(workspaces.organizationId, member.organizationId), eq(workspaces.id, workspaceId));
    const [before] = await tx.select({ name: workspaces.name }).from(workspaces).where(own).for("update");
    if (!before) throw new Refused("NOT_FOUND");
    await tx.update(workspaces).set({ name }).where(own);
    await audit(tx, member, [{ action: "workspace.renamed", subject: name, detail: { previousName: before.name } }]);
  });
}

async function insertWorkspace(tx: Tx, tenant: Tenant, name: string): Promise<string> {
  const wanted = slugOf(name, "team");
  await lockSlugs(tx, `workspaces:${tenant.organizationId}`);
  const rows = await tx
    .select({ slug: workspaces.slug })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, tenant.organizationId), or(eq(workspaces.slug, wanted), like(workspaces.slug, `${wanted}-%`))));
  const id = newId("workspace");
  const slug = freeSlug(wanted, new Set(rows.map((row) => row.slug)));
  await tx.insert(workspaces).values({ id, organizationId: tenant.organizationId, name, slug, createdAt: clock.now() });
  return id;
}

async function freeOrganizationSlug(tx: Tx, name: string): Promise<string> {
  const wanted = slugOf(name, "team");
  await lockSlugs(tx, "organizations");
  const rows = await tx
    .select({ slug: organizations.slug })
    .from(organizations)
    .where(or(eq(organizations.slug, wanted), like(organizations.slug, `${wanted}-%`)));
  return freeSlug(wanted, new Set(rows.map((row) => row.slug)));
}

/** Two organizations of one name founded at once would choose one address; they take turns until the first has committed. */
const lockSlugs = (tx: Tx, where: string) => tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`slugs:${where}`}, 0))`);
