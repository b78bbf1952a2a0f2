import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { refusedField, Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { appendAll } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "../actor";
import { audit } from "../audit";
import { memberInvited } from "../events";
import { mayGrantRole, mayManageMembers } from "../policy";
import { invitations, members, organizations, workspaces } from "../tables";
import { parseAddressList } from "./address-list";
import { addressesMax, inviteMembersInput, type InviteMembersInput } from "./inputs";
import { invitationLifeMs } from "./rules";

/** What became of each entry of a pasted list, in the order it was pasted. */
export interface InviteOutcome {
  /** The address, or the words that are none. */
  entry: string;
  outcome: "invited" | "renewed" | "already-member" | "malformed";
}

/** Mails that one organization may cause in an hour by inviting. */
const invitationsPerHour = 300;

type Invitation = typeof invitations.$inferSelect;

/**
 * Invites a pasted list. Somebody already invited gets a fresh mail whose link replaces the older ones.
 * @throws Refused FORBIDDEN (also for a role above one's own), INVALID, TOO_MANY_REQUESTS.
 */
export async function inviteMembers(member: Member, input: InviteMembersInput): Promise<InviteOutcome[]> {
  const { addresses: pasted, role, workspaceId } = parseInput(inviteMembersInput, input);
  if (!mayGrantRole(member, role)) throw new Refused("FORBIDDEN");
  const entries = parseAddressList(pasted);
  if (entries.length > addressesMax) throw refusedField("addresses", "too-many", `Invite at most ${addressesMax} people at a time.`);
  const addresses = entries.flatMap((entry) => ("address" in entry ? [entry.address] : []));
  if (addresses.length > 0) await limitInvitations(member, addresses.length);
  const done = await inTenant(member, async (tx) => {
    if (workspaceId) await refuseUnknownWorkspace(tx, member, workspaceId);
    const present = await membersAmong(tx, member, addresses);
    const wanted = addresses.filter((address) => !present.has(address));
    const sent = await upsertInvitations(tx, member, wanted, { role, workspaceId: workspaceId ?? null });
    await announce(tx, member, sent);
    await audit(
      tx,
      member,
      sent.map(({ email, generation }) => ({ action: generation === 1 ? "invitation.sent" : "invitation.resent", subject: email, detail: { role } })),
    );
    return { present, generations: new Map(sent.map(({ email, generation }) => [email, generation])) };
  });
  return entries.map((entry) => {
    if ("malformed" in entry) return { entry: entry.malformed, outcome: "malformed" };
    if (done.present.has(entry.address)) return { entry: entry.address, outcome: "already-member" };
    return { entry: entry.address, outcome: done.generations.get(entry.address) === 1 ? "invited" : "renewed" };
  });
}

/** A fresh mail and a fresh term; links of earlier mails stop working. */
export async function resendInvitation(member: Member, invitationId: string): Promise<void> {
  if (!mayManageMembers(member)) throw new Refused("FORBIDDEN");
  await limitInvitations(member, 1);
  await inTenant(member, async (tx) => {
    const invitation = await openInvitation(tx, member, invitationId);
    if (!mayGrantRole(member, invitation.role)) throw new Refused("FORBIDDEN");
    const renewed = await tx.update(invitations).set(renewal()).where(eq(invitations.id, invitation.id)).returning();
    await announce(tx, member, renewed);
    await audit(tx, member, [{ action: "invitation.resent", subject: invitation.email }]);
  });
}

export async function revokeInvitation(member: Member, invitationId: string): Promise<void> {
  if (!mayManageMembers(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    const invitation = await openInvitation(tx, member, invitationId);
    await tx.update(invitations).set({ revokedAt: clock.now() }).where(eq(invitations.id, invitation.id));
    await audit(tx, member, [{ action: "invitation.revoked", subject: invitation.email }]);
  });
}

const limitInvitations = (member: Member, count: number) => limitRate(`invitations:${member.organizationId}`, invitationsPerHour, 3600, count);

/** Neither accepted nor revoked; locked, because somebody may be accepting it at this moment. */
async function openInvitation(tx: Tx, member: Member, invitationId: string): Promise<Invitation> {
  const [found] = await tx
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.organizationId, member.organizationId),
        eq(invitations.id, invitationId),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
      ),
    )
    .for("update");
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}

const renewal = () => {
  const now = clock.now();
  return {
    generation: sql`${invitations.generation} + 1`,
    sentAt: now,
    openedAt: null,
    expiresAt: new Date(now.getTime() + invitationLifeMs),
  };
};

/** In one statement, and sorted: two people who paste the same list at once wait for each other instead of deadlocking. */
async function upsertInvitations(
  tx: Tx,
  member: Member,
  addresses: string[],
  offer: Pick<Invitation, "role" | "workspaceId">,
): Promise<Invitation[]> {
  if (addresses.length === 0) return [];
  const now = clock.now();
  const rows = [...addresses].sort().map((email) => ({
    id: newId("invitation"),
    organizationId: member.organizationId,
    email,
    ...offer,
    invitedBy: member.id,
    sentAt: now,
    createdAt: now,
    expiresAt: new Date(now.getTime() + invitationLifeMs),
  }));
  return tx
    .insert(invitations)
    .values(rows)
    .onConflictDoUpdate({
      target: [invitations.organizationId, invitations.email],
      targetWhere: sql`accepted_at is null and revoked_at is null`,
      set: { ...renewal(), ...offer, invitedBy: member.id },
    })
    .returning();
}

async function membersAmong(tx: Tx, member: Member, addresses: string[]): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const rows = await tx
    .select({ email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, member.organizationId), isNull(members.removedAt), inArray(users.email, addresses)));
  return new Set(rows.map(({ email }) => email));
}

async function refuseUnknownWorkspace(tx: Tx, member: Member, workspaceId: string): Promise<void> {
  const found = await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, member.organizationId), eq(workspaces.id, workspaceId)));
  if (found.length === 0) throw refusedField("workspaceId", "not-an-option", "This workspace does not exist here.");
}

/** The mails leave through the outbox, in the invited person's own language where they have an account. */
async function announce(tx: Tx, member: Member, sent: Invitation[]): Promise<void> {
  if (sent.length === 0) return;
  const addresses = sent.map(({ email }) => email);
  const known = await tx.select({ email: users.email, locale: users.locale }).from(users).where(inArray(users.email, addresses));
  const locales = new Map(known.map(({ email, locale }) => [email, locale]));
  const [home] = await tx.select({ locale: organizations.locale }).from(organizations).where(eq(organizations.id, member.organizationId));
  await appendAll(
    tx,
    member,
    memberInvited,
    sent.map(({ id, email, role, generation, expiresAt }) => ({
      actor: { memberId: member.id, name: member.name },
      organization: { id: member.organizationId, name: member.organizationName, slug: member.organizationSlug },
      invitation: { id, email, role, generation, expiresAt: expiresAt.toISOString(), locale: locales.get(email) ?? home?.locale ?? "en" },
    })),
  );
}
