import { and, eq, inArray, isNull, or } from "drizzle-orm";
import { Refused } from "@/lib/platform/errors";
import { users } from "@/lib/platform/auth/tables";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { describeFault } from "@/lib/platform/validation";
import { members } from "@/lib/organizations/tables";
import type { AttendeeInput } from "../inputs";
import type { Invitee } from "../rules";

/**
 * Brings member ids and addresses together: an address that belongs to a member here is that member. One statement whatever the
 * number of people.
 * @throws Refused NOT_FOUND naming each member id that does not exist in this organization, exactly as for one that never existed.
 */
export async function resolveInvitees(tx: Tx, tenant: Tenant, inputs: AttendeeInput[]): Promise<Invitee[]> {
  const ids = inputs.flatMap((input) => ("memberId" in input ? [input.memberId] : []));
  const addresses = inputs.flatMap((input) => ("email" in input ? [input.email] : []));
  if (inputs.length === 0) return [];
  const known = await tx
    .select({ memberId: members.id, email: users.email, name: users.name })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.organizationId, tenant.organizationId),
        isNull(members.removedAt),
        or(ids.length > 0 ? inArray(members.id, ids) : undefined, addresses.length > 0 ? inArray(users.email, addresses) : undefined),
      ),
    );
  const byId = new Map(known.map((member) => [member.memberId, member]));
  const byEmail = new Map(known.map((member) => [member.email, member]));
  const strangers = inputs.flatMap((input, index) => ("memberId" in input && !byId.has(input.memberId) ? [index] : []));
  if (strangers.length > 0) {
    const detail = describeFault("unknown-member");
    throw new Refused("NOT_FOUND", {
      detail,
      fields: strangers.map((index) => ({ path: ["attendees", index, "memberId"], code: "unknown-member", detail })),
    });
  }
  return inputs.flatMap((input): Invitee[] => {
    const required = input.required ?? true;
    const member = "memberId" in input ? byId.get(input.memberId) : byEmail.get(input.email);
    if (member) return [{ memberId: member.memberId, email: member.email, name: member.name, required }];
    return "email" in input ? [{ memberId: null, email: input.email, name: input.name ?? null, required }] : [];
  });
}
