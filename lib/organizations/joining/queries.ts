import { and, eq, isNull, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { readLink, type LinkClaims } from "@/lib/platform/signed-link";
import { invitations, members, organizations } from "../tables";

/** What the holder of a join link may see: who invites whom to what, and whether the link still works. */
export interface JoinOffer {
  state: "open" | "accepted" | "revoked" | "expired" | "superseded";
  email: string;
  /** Null when the invited person has no account or has not told their name. */
  personName: string | null;
  organizationName: string;
  organizationSlug: string;
  inviterName: string;
}

/**
 * The offer behind a join link; remembers that it was opened. An expired link still tells who to ask for a new one.
 * @throws Refused LINK_INVALID when altered, LINK_EXPIRED when the signature's own time is over.
 */
export async function joinOffer(token: string): Promise<JoinOffer> {
  const claims = readLink("join", token);
  return asSystem("signed-link", async (tx) => {
    const offer = await findOffer(tx, claims);
    if (!offer) throw new Refused("LINK_INVALID");
    if (offer.state === "open") await markOpened(tx, claims.subject);
    return offer;
  });
}

async function findOffer(tx: Tx, claims: LinkClaims): Promise<JoinOffer | null> {
  const [row] = await tx
    .select({
      invitation: invitations,
      organizationName: organizations.name,
      organizationSlug: organizations.slug,
      inviter: { name: users.name, email: users.email },
      personName: sql<string | null>`(select invited.name from users invited where invited.email = ${invitations.email})`,
    })
    .from(invitations)
    .innerJoin(organizations, eq(organizations.id, invitations.organizationId))
    .innerJoin(members, eq(members.id, invitations.invitedBy))
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(invitations.id, claims.subject));
  if (!row) return null;
  const { invitation, inviter, ...named } = row;
  return { ...named, email: invitation.email, inviterName: displayName(inviter), state: offerState(invitation, claims.generation, clock.now()) };
}

type Invitation = Pick<typeof invitations.$inferSelect, "acceptedAt" | "revokedAt" | "expiresAt" | "generation">;

export function offerState(invitation: Invitation, generation: number, now: Date): JoinOffer["state"] {
  if (invitation.acceptedAt) return "accepted";
  if (invitation.revokedAt) return "revoked";
  if (generation !== invitation.generation) return "superseded";
  return invitation.expiresAt <= now ? "expired" : "open";
}

const markOpened = (tx: Tx, invitationId: string) =>
  tx
    .update(invitations)
    .set({ openedAt: clock.now() })
    .where(and(eq(invitations.id, invitationId), isNull(invitations.openedAt)));
