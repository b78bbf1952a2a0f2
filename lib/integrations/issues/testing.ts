import { inTenant, type Tenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { newId } from "@/lib/platform/ids";
import { pluginConnections } from "../connections/tables";
import { oauthCredentials } from "../credentials/tables";
import type { IssueFacts } from "../events";
import { pluginPeople, sights } from "../people/tables";

export const issueOf = (number: number, more: Partial<IssueFacts> = {}): IssueFacts => ({
  id: String(10_000 + number),
  key: `MOIM-${number}`,
  summary: `Issue ${number}`,
  url: `https://here.atlassian.example/browse/MOIM-${number}`,
  project: { id: "100", key: "MOIM", name: "Moim" },
  type: "Task",
  status: "To Do",
  statusCategory: "new",
  priority: "Medium",
  assignee: null,
  reporter: null,
  labels: [],
  updatedAt: "2031-01-01T00:00:00.000Z",
  ...more,
});

/** A Jira site of this member's organization, reached with their grant. */
export async function connectionFor(member: Member, metadata: { cloudId?: string; siteUrl?: string } = {}): Promise<string> {
  const id = newId("connection");
  await inTenant(member, (tx) =>
    tx.insert(pluginConnections).values({
      id,
      organizationId: member.organizationId,
      plugin: "jira",
      externalId: metadata.cloudId ?? id,
      name: "Here",
      metadata: { cloudId: id, siteUrl: "https://here.atlassian.example", ...metadata },
      connectedBy: member.id,
    }),
  );
  return id;
}

/** Links a member with an account over there, whose tokens nobody can open. */
export async function linkedTo(member: Member, accountId: string): Promise<void> {
  const credentialId = newId("credential");
  const common = { organizationId: member.organizationId, plugin: "jira", memberId: member.id, accountId, accountName: member.name };
  const now = new Date("2031-01-01T00:00:00Z");
  await inTenant(member, async (tx) => {
    await tx.insert(oauthCredentials).values({ ...common, id: credentialId, accessToken: "sealed", refreshToken: "sealed", expiresAt: now, scopes: [], refreshedAt: now });
    await tx.insert(pluginPeople).values({ ...common, credentialId });
  });
}

export const saw = (tenant: Tenant, sight: { connectionId: string; issueId: string; accountId: string; visible: boolean; checkedAt: Date }) =>
  inTenant(tenant, (tx) => {
    const { issueId, ...rest } = sight;
    return tx.insert(sights).values({ ...rest, organizationId: tenant.organizationId, entity: `issue:${issueId}` });
  });
