import { and, asc, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { pluginConnections } from "../connections/tables";
import type { Site } from "../grants/provider";
import { providerOf } from "../grants/providers";
import { readCredential, renew, tokenOf, type AccessToken } from "./commands";
import { isDue, isExpired } from "./rules";
import { oauthCredentials } from "./tables";

export type { Site } from "../grants/provider";

/**
 * A token that is good now, renewed ahead of its end by one caller for all. `refusedVersion` names the one that was refused over there: it
 * is not given out again. Never call it inside a transaction: it may wait for the provider.
 * @throws Refused RECONNECT_NEEDED when the grant is gone; JIRA_UNAVAILABLE when it cannot be renewed now and none is good.
 */
export async function accessTokenOf(tenant: Tenant, credentialId: string, { refusedVersion }: { refusedVersion?: number } = {}): Promise<AccessToken> {
  let credential = await readCredential(tenant, credentialId);
  const isRefused = () => credential?.version === refusedVersion;
  if (credential && !credential.brokenAt && (isRefused() || isDue(credential, clock.nowMs()))) credential = await renew(tenant, credential);
  if (!credential || credential.brokenAt) throw new Refused("RECONNECT_NEEDED");
  // A renewal that failed says nothing against a token that is still good.
  if (!isRefused() && !isExpired(credential, clock.nowMs())) return tokenOf(credential);
  throw new Refused("JIRA_UNAVAILABLE", { detail: credential.lastError ?? undefined, extra: { retryAfterSeconds: secondsUntil(credential.retryAfter) } });
}

const secondsUntil = (at: Date | null) => Math.max(1, Math.ceil(((at?.getTime() ?? 0) - clock.nowMs()) / 1000));

/**
 * The places that a grant reaches, by name.
 * @throws Refused RECONNECT_NEEDED, JIRA_UNAVAILABLE, JIRA_REFUSED.
 */
export async function sitesOf(tenant: Tenant, credentialId: string, plugin = "jira"): Promise<Site[]> {
  let token = await accessTokenOf(tenant, credentialId);
  let answer = await providerOf(plugin).sites(token.token);
  if ("refused" in answer) {
    token = await accessTokenOf(tenant, credentialId, { refusedVersion: token.version });
    answer = await providerOf(plugin).sites(token.token);
  }
  if ("sites" in answer) return answer.sites.toSorted((one, other) => one.name.localeCompare(other.name));
  throw "away" in answer ? new Refused("JIRA_UNAVAILABLE", { detail: answer.away }) : new Refused("JIRA_REFUSED", { detail: answer.refused });
}

export interface Grant {
  credentialId: string;
  plugin: string;
  accountId: string;
  accountName: string;
  scopes: string[];
  brokenAt: Date | null;
  brokenReason: string | null;
  /** How many places are reached with it. */
  connections: number;
}

/** The member's own grants: those that they gave themselves, and so may connect places with. */
export async function grantsOf(member: Member): Promise<Grant[]> {
  return inTenant(member, (tx) =>
    tx
      .select({
        credentialId: oauthCredentials.id,
        plugin: oauthCredentials.plugin,
        accountId: oauthCredentials.accountId,
        accountName: oauthCredentials.accountName,
        scopes: oauthCredentials.scopes,
        brokenAt: oauthCredentials.brokenAt,
        brokenReason: oauthCredentials.brokenReason,
        connections: sql<number>`(select count(*)::int from ${pluginConnections}
          where ${pluginConnections.credentialId} = ${oauthCredentials.id} and ${pluginConnections.disconnectedAt} is null)`,
      })
      .from(oauthCredentials)
      .where(and(eq(oauthCredentials.organizationId, member.organizationId), eq(oauthCredentials.memberId, member.id)))
      .orderBy(asc(oauthCredentials.plugin), asc(oauthCredentials.accountName)),
  );
}
