import { and, desc, eq, gt, inArray, isNull } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "../actor";
import type { Role } from "../inputs";
import { mayManageMembers } from "../policy";
import { invitations, members } from "../tables";
import { invitationState, type InvitationState } from "./rules";

export interface PendingInvitation {
  id: string;
  email: string;
  role: Role;
  state: InvitationState;
  invitedByName: string;
  sentAt: Date;
  openedAt: Date | null;
  expiresAt: Date;
}

/** Everybody who was invited and has neither joined nor been revoked, newest first. Only for admins. */
export async function pendingInvitations(member: Member): Promise<PendingInvitation[]> {
  if (!mayManageMembers(member)) throw new Refused("FORBIDDEN");
  const rows = await inTenant(member, (tx) =>
    tx
      .select({ invitation: invitations, inviter: { name: users.name, email: users.email } })
      .from(invitations)
      .innerJoin(members, eq(members.id, invitations.invitedBy))
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(invitations.organizationId, member.organizationId), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)))
      .orderBy(desc(invitations.sentAt), desc(invitations.id)),
  );
  const now = clock.now();
  return rows.map(({ invitation, inviter }) => ({
    id: invitation.id,
    email: invitation.email,
    role: invitation.role,
    state: invitationState(invitation, now),
    invitedByName: displayName(inviter),
    sentAt: invitation.sentAt,
    openedAt: invitation.openedAt,
    expiresAt: invitation.expiresAt,
  }));
}

/** Those of these invitations that can still be accepted, with the generation of the link that works, for the mails that carry it. */
export async function openInvitations(tenant: Tenant, ids: string[]): Promise<Map<string, number>> {
  const rows = await inTenant(tenant, (tx) =>
    tx
      .select({ id: invitations.id, generation: invitations.generation })
      .from(invitations)
      .where(and(inArray(invitations.id, ids), isNull(invitations.acceptedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, clock.now()))),
  );
  return new Map(rows.map(({ id, generation }) => [id, generation]));
}
