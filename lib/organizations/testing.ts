import { ensurePerson } from "@/lib/platform/auth/people";
import type { SessionUser } from "@/lib/platform/auth/session";
import { systemTenant } from "@/lib/platform/db/client";
import { memberById, type Member } from "./actor";
import { addMember, createOrganization } from "./commands";
import type { Role } from "./inputs";

/** Shorthands of this domain's tests, made of its real commands. */
export async function foundOrganization(email: string, name: string): Promise<{ person: SessionUser; owner: Member; workspaceId: string }> {
  const person = await ensurePerson(email, { name: email.split("@")[0] });
  const made = await createOrganization(person, { name });
  return { person, owner: await member(made.organizationId, made.memberId), workspaceId: made.workspaceId };
}

export async function joinAs(owner: Member, email: string, role: Role = "member"): Promise<Member> {
  const person = await ensurePerson(email, { name: email.split("@")[0] });
  const { memberId } = await addMember(systemTenant(owner.organizationId), person, { role });
  return member(owner.organizationId, memberId);
}

async function member(organizationId: string, memberId: string): Promise<Member> {
  const found = await memberById(systemTenant(organizationId), memberId);
  if (!found) throw new Error(`no member ${memberId}`);
  return found;
}
