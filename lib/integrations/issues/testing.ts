import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { seal } from "@/lib/platform/secret-box";
import type { Member } from "@/lib/organizations/actor";
import { pluginConnections } from "../connections/tables";
import { oauthCredentials } from "../credentials/tables";
import type { IssueFacts } from "../events";
import { pluginPeople, sights } from "../people/tables";

export const issueOf = (number: number, more: Partial<IssueFacts> = {}): IssueFacts => ({
  id: String(50_000 + number),
  key: `SIDE-${number}`,
  summary: `Issue ${number}`,
  url: `https://here.atlassian.example/browse/SIDE-${number}`,
  project: { id: "100", key: "SIDE", name: "Side" },
  type: "Task",
  status: "To Do",
  statusCategory: "new",
  priority: "Medium",
  assignee: null,
  reporter: null,
  labels: [],
  updatedAt: "2026-01-01T00:00:00.000Z",
  ...more,
});

/** A Jira site of this member's organization. */
export async function siteFor(member: Member, cloudId: string, name = "Maru"): Promise<string> {
  const id = newId("connection");
  await inTenant(member, (tx) =>
    tx.insert(pluginConnections).values({
      id,
      organizationId: member.organizationId,
      plugin: "jira",
      externalId: cloudId,
      name,
      metadata: { cloudId, siteUrl: "https://maru.atlassian.example" },
      connectedBy: member.id,
    }),
  );
  return id;
}

/** Links a member with an account over there. */
export async function linkedTo(member: Member, accountId: string, accessToken = "a token"): Promise<void> {
  const id = newId("credential");
  const now = clock.now();
  const common = { organizationId: member.organizationId, plugin: "jira", memberId: member.id, accountId, accountName: member.name };
  const sealed = { accessToken: seal(accessToken, `credential:${id}`), refreshToken: seal("a refresh token", `credential:${id}`) };
  await inTenant(member, async (tx) => {
    await tx.insert(oauthCredentials).values({ ...common, ...sealed, id, expiresAt: new Date(now.getTime() + 3_600_000), scopes: [], refreshedAt: now });
    await tx.insert(pluginPeople).values({ ...common, credentialId: id });
  });
}

export const saw = (tenant: Tenant, { issueId, ...sight }: { connectionId: string; issueId: string; accountId: string; visible: boolean; checkedAt: Date }) =>
  inTenant(tenant, (tx) => tx.insert(sights).values({ ...sight, organizationId: tenant.organizationId, entity: `issue:${issueId}` }));
