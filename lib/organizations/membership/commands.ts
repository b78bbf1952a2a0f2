import { and, asc, eq, isNull } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { append } from "@/lib/platform/outbox/outbox";
import type { Member } from "../actor";
import { audit } from "../audit";
import { memberRemoved } from "../events";
import type { Role } from "../inputs";
import { mayChangeRole, mayRemoveMember } from "../policy";
import { apiTokens, members } from "../tables";

interface Target {
  id: string;
  role: Role;
  name: string;
  email: string;
}

/** @throws Refused NOT_FOUND, FORBIDDEN, LAST_OWNER. */
export async function changeRole(member: Member, targetId: string, role: Role): Promise<void> {
  await inTenant(member, async (tx) => {
    const target = await lockTarget(tx, member, targetId);
    if (!mayChangeRole(member, target, role)) throw new Refused("FORBIDDEN");
    if (target.role === role) return;
    if (target.role === "owner") await refuseLastOwner(tx, member, target);
    await tx.update(members).set({ role }).where(eq(members.id, target.id));
    await audit(tx, member, [{ action: "member.role-changed", subject: target.email, detail: { from: target.role, to: role } }]);
  });
}

/**
 * Ends a membership at once: the next request finds none, and the member's API tokens are revoked with it. Their sessions stay,
 * because a session belongs to the person, who may be in other organizations. Everybody may remove themselves.
 * @throws Refused NOT_FOUND, FORBIDDEN, LAST_OWNER.
 */
export async function removeMember(member: Member, targetId: string): Promise<void> {
  await inTenant(member, async (tx) => {
    const target = await lockTarget(tx, member, targetId);
    if (!mayRemoveMember(member, target)) throw new Refused("FORBIDDEN");
    if (target.role === "owner") await refuseLastOwner(tx, member, target);
    const now = clock.now();
    await tx.update(members).set({ removedAt: now }).where(eq(members.id, target.id));
    await tx
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(and(eq(apiTokens.organizationId, member.organizationId), eq(apiTokens.memberId, target.id), isNull(apiTokens.revokedAt)));
    await append(tx, member, memberRemoved, {
      actor: { memberId: member.id, name: member.name },
      member: { id: target.id, name: target.name, email: target.email },
    });
    await audit(tx, member, [{ action: "member.removed", subject: target.email, detail: { role: target.role } }]);
  });
}

/**
 * Owners are locked before the target, all of them and in one order: two owners who demote each other at once take turns, and the
 * second is told that they are the last.
 */
async function lockTarget(tx: Tx, member: Member, targetId: string): Promise<Target> {
  await lockOwners(tx, member);
  const [target] = await tx
    .select({ id: members.id, role: members.role, name: users.name, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, member.organizationId), eq(members.id, targetId), isNull(members.removedAt)))
    .for("no key update", { of: members });
  if (!target) throw new Refused("NOT_FOUND");
  return { ...target, name: displayName(target) };
}

async function refuseLastOwner(tx: Tx, member: Member, target: Target): Promise<void> {
  const owners = await lockOwners(tx, member);
  if (owners.every(({ id }) => id === target.id)) throw new Refused("LAST_OWNER");
}

const lockOwners = (tx: Tx, member: Member) =>
  tx
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.organizationId, member.organizationId), eq(members.role, "owner"), isNull(members.removedAt)))
    .orderBy(asc(members.id))
    // Meetings that name an owner while being booked need not wait, and so cannot wait in a ring.
    .for("no key update");
