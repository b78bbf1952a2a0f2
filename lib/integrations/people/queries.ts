import { and, eq, sql, type SQL } from "drizzle-orm";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { oauthCredentials } from "../credentials/tables";
import { pluginPeople } from "./tables";

/** Who a member is over there. */
export interface Person {
  memberId: string;
  accountId: string;
  accountName: string;
  credentialId: string;
  /** Their grant is gone: who they are is still known, what they may see is not. */
  broken: boolean;
}

export async function personOf(tenant: Tenant, memberId: string, plugin = "jira"): Promise<Person | null> {
  const [person] = await people(tenant, plugin, eq(pluginPeople.memberId, memberId));
  return person ?? null;
}

/** Those of the members that have linked their account. */
export async function peopleOf(tenant: Tenant, memberIds: string[], plugin = "jira"): Promise<Person[]> {
  return memberIds.length === 0 ? [] : people(tenant, plugin, sql`${pluginPeople.memberId} = any(${textArray(memberIds)})`);
}

export async function peopleByAccount(tenant: Tenant, accountIds: string[], plugin = "jira"): Promise<Person[]> {
  return accountIds.length === 0 ? [] : people(tenant, plugin, sql`${pluginPeople.accountId} = any(${textArray(accountIds)})`);
}

const people = (tenant: Tenant, plugin: string, which: SQL): Promise<Person[]> =>
  inTenant(tenant, (tx) =>
    tx
      .select({
        memberId: pluginPeople.memberId,
        accountId: pluginPeople.accountId,
        accountName: pluginPeople.accountName,
        credentialId: pluginPeople.credentialId,
        broken: sql<boolean>`${oauthCredentials.brokenAt} is not null`,
      })
      .from(pluginPeople)
      .innerJoin(oauthCredentials, eq(oauthCredentials.id, pluginPeople.credentialId))
      .where(and(eq(pluginPeople.organizationId, tenant.organizationId), eq(pluginPeople.plugin, plugin), which)),
  );
