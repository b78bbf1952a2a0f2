import { z } from "zod";
import { env } from "@/lib/platform/env";
import { defineEvent } from "@/lib/platform/outbox/outbox";
import { signLink } from "@/lib/platform/signed-link";

const actor = z.object({ memberId: z.string().nullable(), name: z.string() });

/** Sent again with a higher generation when an invitation is resent; links of lower generations stop working. */
export const memberInvited = defineEvent(
  "member.invited",
  1,
  z.object({
    actor,
    organization: z.object({ id: z.string(), name: z.string(), slug: z.string() }),
    invitation: z.object({
      id: z.string(),
      email: z.string(),
      role: z.string(),
      generation: z.number().int(),
      expiresAt: z.iso.datetime(),
      /** Language of the mail: the invited person's own when they have an account, otherwise the organization's. */
      locale: z.string(),
    }),
  }),
);

export const memberJoined = defineEvent(
  "member.joined",
  1,
  z.object({
    actor,
    organization: z.object({ id: z.string(), name: z.string(), slug: z.string() }),
    member: z.object({ id: z.string(), name: z.string(), email: z.string() }),
    /** The member who invited them; absent for the founder. */
    invitedBy: z.string().nullable(),
    invitationId: z.string().nullable(),
  }),
);

export const memberRemoved = defineEvent(
  "member.removed",
  1,
  z.object({ actor, member: z.object({ id: z.string(), name: z.string(), email: z.string() }) }),
);

/** A member's clock is another one from now on, as their profile says; each of their organizations is told. */
export const memberZoneChanged = defineEvent("member.zone-changed", 1, z.object({ member: z.object({ id: z.string() }) }));

export const organizationCreated = defineEvent(
  "organization.created",
  1,
  z.object({ actor, organization: z.object({ id: z.string(), name: z.string(), slug: z.string() }) }),
);

/** Where the mail of `member.invited` leads. Whoever opens it has proven the address it was sent to. */
export function joinUrl({ id, generation, expiresAt }: { id: string; generation: number; expiresAt: string | Date }): string {
  const token = signLink("join", { subject: id, generation, expiresAt: new Date(expiresAt) });
  return `${env().APP_URL.replace(/\/$/, "")}/join/${token}`;
}
