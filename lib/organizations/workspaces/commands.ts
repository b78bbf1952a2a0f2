import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import type { Member } from "../actor";
import { audit } from "../audit";
import { mayManageMembers } from "../policy";
import { members, workspaceMembers, workspaces } from "../tables";

/**
 * Whoever manages the organization adds anybody of it, themselves included; who is in already stays as they are.
 * @throws Refused FORBIDDEN, NOT_FOUND, INVALID (unknown-member: not, or not any longer, in the organization).
 */
export async function addToWorkspace(member: Member, workspaceId: string, memberIds: string[]): Promise<{ added: number }> {
  if (!mayManageMembers(member)) throw new Refused("FORBIDDEN");
  const wanted = [...new Set(memberIds)];
  return inTenant(member, async (tx) => {
    const workspace = await workspaceNamed(tx, member, workspaceId);
    // Locked, so that nobody is added while they are being removed from the organization; in one order, so that nobody waits in a ring.
    const people = await tx
      .select({ id: members.id, email: users.email })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.organizationId, member.organizationId), inArray(members.id, wanted), isNull(members.removedAt)))
      .orderBy(asc(members.id))
      .for("share", { of: members });
    if (people.length !== wanted.length) throw refusedField("memberIds", "unknown-member", "Somebody of these is not a member of the organization.");
    if (people.length === 0) return { added: 0 };
    const added = await tx
      .insert(workspaceMembers)
      .values(people.map(({ id }) => ({ organizationId: member.organizationId, workspaceId, memberId: id, createdAt: clock.now() })))
      .onConflictDoNothing()
      .returning({ memberId: workspaceMembers.memberId });
    const fresh = new Set(added.map(({ memberId }) => memberId));
    await audit(
      tx,
      member,
      people.filter(({ id }) => fresh.has(id)).map(({ email }) => ({ action: "workspace.member-added" as const, subject: email, detail: { workspace: workspace.name } })),
    );
    return { added: fresh.size };
  });
}

/**
 * Ends somebody's place in the workspace at once: its news is theirs to read no longer. Everybody may leave; the last one, too, because
 * whoever manages the organization may always come back.
 * @throws Refused FORBIDDEN, NOT_FOUND (no such workspace, or they are not in it).
 */
export async function removeFromWorkspace(member: Member, workspaceId: string, memberId: string): Promise<void> {
  if (memberId !== member.id && !mayManageMembers(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    const workspace = await workspaceNamed(tx, member, workspaceId);
    const [removed] = await tx
      .delete(workspaceMembers)
      .where(and(eq(workspaceMembers.organizationId, member.organizationId), eq(workspaceMembers.workspaceId, workspaceId), eq(workspaceMembers.memberId, memberId)))
      .returning({ memberId: workspaceMembers.memberId });
    if (!removed) throw new Refused("NOT_FOUND");
    const [person] = await tx.select({ email: users.email }).from(members).innerJoin(users, eq(users.id, members.userId)).where(eq(members.id, memberId));
    await audit(tx, member, [{ action: "workspace.member-removed", subject: person?.email ?? memberId, detail: { workspace: workspace.name } }]);
  });
}

export const leaveWorkspace = (member: Member, workspaceId: string): Promise<void> => removeFromWorkspace(member, workspaceId, member.id);

async function workspaceNamed(tx: Tx, member: Member, workspaceId: string): Promise<{ name: string }> {
  const [found] = await tx
    .select({ name: workspaces.name })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, member.organizationId), eq(workspaces.id, workspaceId)));
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}
