import { eq } from "drizzle-orm";
import { displayName, ensurePerson, type PersonDetails } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, type RefusalCode } from "@/lib/platform/errors";
import { append } from "@/lib/platform/outbox/outbox";
import { readLink } from "@/lib/platform/signed-link";
import { insertMember, joinWorkspaces, organizationFacts } from "../commands";
import { memberJoined } from "../events";
import { invitations, organizations } from "../tables";
import { offerState, type JoinOffer } from "./queries";

export interface Joined {
  userId: string;
  memberId: string;
  organizationSlug: string;
}

/**
 * Accepts an invitation by its link. The link was mailed to one address and is signed, so whoever holds it has proven that address:
 * the person is made when new, and the caller may sign them in.
 * @throws Refused LINK_INVALID, LINK_EXPIRED, LINK_USED.
 */
export async function acceptInvitation(token: string, details: PersonDetails = {}): Promise<Joined> {
  const claims = readLink("join", token);
  const { email, timeZone } = await asSystem("signed-link", async (tx) => {
    const invitation = await openInvitation(tx, claims.subject, claims.generation);
    return { email: invitation.email, timeZone: await homeTimeZone(tx, invitation.organizationId) };
  });
  // Without scripts nobody knows a new person's zone; their organization's is the best guess.
  const person = await ensurePerson(email, { ...details, timeZone: details.timeZone ?? timeZone });
  return asSystem("signed-link", async (tx) => {
    const invitation = await openInvitation(tx, claims.subject, claims.generation);
    const tenant = systemTenant(invitation.organizationId);
    if (!person.name && details.name) await tx.update(users).set({ name: details.name }).where(eq(users.id, person.id));
    const { memberId, isNew } = await insertMember(tx, tenant, person.id, invitation.role);
    await tx.update(invitations).set({ acceptedAt: clock.now(), acceptedBy: memberId }).where(eq(invitations.id, invitation.id));
    const organization = await organizationFacts(tx, tenant);
    const joined = { userId: person.id, memberId, organizationSlug: organization.slug };
    // Somebody who became a member by another road meanwhile only uses up the invitation.
    if (!isNew) return joined;
    await joinWorkspaces(tx, tenant, memberId, invitation.workspaceId ? [invitation.workspaceId] : undefined);
    const member = { id: memberId, name: displayName({ ...person, name: person.name ?? details.name ?? null }), email: person.email };
    await append(tx, tenant, memberJoined, {
      actor: { memberId, name: member.name },
      organization,
      member,
      invitedBy: invitation.invitedBy,
      invitationId: invitation.id,
    });
    return joined;
  });
}

async function homeTimeZone(tx: Tx, organizationId: string): Promise<string | undefined> {
  const [home] = await tx.select({ timeZone: organizations.timeZone }).from(organizations).where(eq(organizations.id, organizationId));
  return home?.timeZone;
}

const refusalOf: Record<Exclude<JoinOffer["state"], "open">, RefusalCode> = {
  accepted: "LINK_USED",
  revoked: "LINK_EXPIRED",
  superseded: "LINK_EXPIRED",
  expired: "LINK_EXPIRED",
};

/** Locked until the transaction ends, so that of two people who click at once the second sees what the first did. */
async function openInvitation(tx: Tx, invitationId: string, generation: number): Promise<typeof invitations.$inferSelect> {
  const [invitation] = await tx.select().from(invitations).where(eq(invitations.id, invitationId)).for("update");
  if (!invitation) throw new Refused("LINK_INVALID");
  const state = offerState(invitation, generation, clock.now());
  if (state !== "open") throw new Refused(refusalOf[state]);
  return invitation;
}
