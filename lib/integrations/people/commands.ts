import { and, eq } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { dropUnused } from "../credentials/commands";
import { oauthCredentials } from "../credentials/tables";
import { pluginPeople } from "./tables";

/**
 * Notes that the member is this account over there. `replacing` an account they had linked before is what they ask for when they link;
 * whoever connects a site with a technical account stays who they are. The grant's row is locked by the caller, so that an account has
 * one person.
 * @returns whether the account is theirs now; not when a colleague has it.
 */
export async function linkPerson(
  tx: Tx,
  member: Member,
  plugin: string,
  grant: { id: string; accountId: string; accountName: string },
  { replacing }: { replacing: boolean },
): Promise<boolean> {
  if (await isTaken(tx, member, plugin, grant.accountId)) return false;
  const [mine] = await tx.select().from(pluginPeople).where(isPerson(member, plugin, member.id)).for("update");
  if (mine && mine.accountId !== grant.accountId && !replacing) return false;
  const account = { accountId: grant.accountId, accountName: grant.accountName, credentialId: grant.id };
  await tx
    .insert(pluginPeople)
    .values({ organizationId: member.organizationId, plugin, memberId: member.id, ...account, createdAt: clock.now() })
    .onConflictDoUpdate({ target: [pluginPeople.organizationId, pluginPeople.plugin, pluginPeople.memberId], set: account });
  if (mine && mine.credentialId !== grant.id) await dropUnused(tx, member, [mine.credentialId]);
  return true;
}

/** Somebody who has left does not keep an account from whoever has it now. */
async function isTaken(tx: Tx, member: Member, plugin: string, accountId: string): Promise<boolean> {
  const [other] = await tx
    .select({ id: pluginPeople.id, memberId: pluginPeople.memberId, removedAt: members.removedAt })
    .from(pluginPeople)
    .innerJoin(members, eq(members.id, pluginPeople.memberId))
    .where(and(eq(pluginPeople.organizationId, member.organizationId), eq(pluginPeople.plugin, plugin), eq(pluginPeople.accountId, accountId)));
  if (!other || other.memberId === member.id) return false;
  if (!other.removedAt) return true;
  await tx.delete(pluginPeople).where(eq(pluginPeople.id, other.id));
  return false;
}

const isPerson = (tenant: Tenant, plugin: string, memberId: string) =>
  and(eq(pluginPeople.organizationId, tenant.organizationId), eq(pluginPeople.plugin, plugin), eq(pluginPeople.memberId, memberId));

/** Forgets who the member is over there, and the grant with it, unless a connection is reached with it. @returns whether there was anybody. */
export async function unlinkAccount(member: Member, plugin = "jira"): Promise<boolean> {
  return inTenant(member, async (tx) => {
    const gone = await tx.delete(pluginPeople).where(isPerson(member, plugin, member.id)).returning({ credentialId: pluginPeople.credentialId });
    await dropUnused(tx, member, gone.map(({ credentialId }) => credentialId));
    return gone.length > 0;
  });
}

/**
 * Who was removed is nobody over there any more, and what they consented to for themselves is forgotten. A connection goes on with the
 * grant it has until an admin reconnects it.
 */
export async function unlinkRemoved(tenant: Tenant, memberId: string): Promise<number> {
  return inTenant(tenant, async (tx) => {
    const { count } = await tx.delete(pluginPeople).where(and(eq(pluginPeople.organizationId, tenant.organizationId), eq(pluginPeople.memberId, memberId)));
    const own = await tx
      .select({ id: oauthCredentials.id })
      .from(oauthCredentials)
      .where(and(eq(oauthCredentials.organizationId, tenant.organizationId), eq(oauthCredentials.memberId, memberId)));
    await dropUnused(tx, tenant, own.map(({ id }) => id));
    return count;
  });
}
