/** How long an invitation can be accepted after it was sent. */
export const invitationLifeMs = 14 * 86_400_000;

export interface InvitationFacts {
  openedAt: Date | null;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

export type InvitationState = "accepted" | "revoked" | "expired" | "opened" | "sent";

export function invitationState(invitation: InvitationFacts, now: Date): InvitationState {
  if (invitation.acceptedAt) return "accepted";
  if (invitation.revokedAt) return "revoked";
  if (invitation.expiresAt <= now) return "expired";
  return invitation.openedAt ? "opened" : "sent";
}
