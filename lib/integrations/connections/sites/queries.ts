import { and, eq, isNull, sql } from "drizzle-orm";
import { asSystem } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { grantsOf, sitesOf, type Site } from "../../credentials/queries";
import { providerOf } from "../../grants/providers";
import { mayManageIntegrations } from "../../policy";
import { pluginConnections } from "../tables";

export interface SiteChoice extends Site {
  /** Whether this organization has it already, another one has it, or nobody. */
  standing: "free" | "mine" | "taken";
}

/**
 * The sites that the member's own grant reaches, and which of them can still be connected. That a site is somebody else's is told to
 * whoever can open it, because otherwise they could not know why it cannot be chosen.
 * @throws Refused FORBIDDEN, NOT_FOUND (no such grant of the member's), and what asking Atlassian throws.
 */
export async function siteChoices(member: Member, credentialId: string): Promise<{ accountName: string; sites: SiteChoice[] }> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const grant = (await grantsOf(member)).find((one) => one.credentialId === credentialId && one.plugin === "jira");
  if (!grant) throw new Refused("NOT_FOUND");
  const sites = await sitesOf(member, credentialId);
  const owners = await ownersOf(sites.map(({ cloudId }) => cloudId));
  const standing = (cloudId: string) => {
    const owner = owners.get(cloudId);
    if (!owner) return "free";
    return owner === member.organizationId ? "mine" : "taken";
  };
  return { accountName: grant.accountName, sites: sites.map((site) => ({ ...site, standing: standing(site.cloudId) })) };
}

async function ownersOf(cloudIds: string[]): Promise<Map<string, string>> {
  if (cloudIds.length === 0) return new Map();
  const rows = await asSystem("grants", (tx) =>
    tx
      .select({ cloudId: pluginConnections.externalId, organizationId: pluginConnections.organizationId })
      .from(pluginConnections)
      .where(and(eq(pluginConnections.plugin, "jira"), isNull(pluginConnections.disconnectedAt), sql`${pluginConnections.externalId} = any(${textArray(cloudIds)})`)),
  );
  return new Map(rows.map(({ cloudId, organizationId }) => [cloudId ?? "", organizationId]));
}

/** Whether sites can be connected here at all, and what the app over there has to know of us. */
export function jiraSetUp(): { ready: boolean; callbackUrl: string } {
  return { ready: providerOf("jira").isSetUp(), callbackUrl: new URL("/oauth/jira/callback", env().APP_URL).href };
}
