import { and, isNotNull, lt, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, type Tenant } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import { pluginConnections } from "../../connections/tables";
import { hookRegistrations } from "../../hooks/tables";
import { carriesNothing, readCredential, renew } from "../commands";
import { oauthCredentials } from "../tables";

export type Renewal = "renewed" | "kept" | "waiting" | "broken" | "gone" | "failed";

/** Renews a grant ahead of need, unless somebody did since it was seen at `version`. Never throws: one that fails keeps no other waiting. */
export async function renewAhead(tenant: Tenant, credentialId: string, version: number): Promise<Renewal> {
  try {
    const seen = await readCredential(tenant, credentialId);
    if (!seen) return "gone";
    if (seen.brokenAt) return "broken";
    if (seen.version !== version) return "kept";
    const after = await renew(tenant, seen);
    if (after.brokenAt) return "broken";
    return after.version === version ? "waiting" : "renewed";
  } catch (error) {
    log.error("a grant could not be renewed", { credentialId, error });
    return "failed";
  }
}

const dayMs = 24 * 3_600_000;
/** Webhooks that nobody removed have lapsed by then (Jira: after 30 days). */
const hooksLapseMs = 31 * dayMs;

/** Forgets the tokens of what was disconnected, once there is nothing left to tidy up with them, and grants that came to nothing. */
export async function forgetUnusedGrants(): Promise<number> {
  const now = clock.nowMs();
  return asSystem("grants", async (tx) => {
    const tidied = sql`not exists (select 1 from ${hookRegistrations} where ${hookRegistrations.connectionId} = ${pluginConnections.id})`;
    await tx
      .update(pluginConnections)
      .set({ credentialId: null })
      .where(
        and(
          isNotNull(pluginConnections.credentialId),
          lt(pluginConnections.disconnectedAt, new Date(now - dayMs)),
          sql`(${tidied} or ${lt(pluginConnections.disconnectedAt, new Date(now - hooksLapseMs))})`,
        ),
      );
    // A day, because who has just consented may still be choosing sites.
    return (await tx.delete(oauthCredentials).where(and(lt(oauthCredentials.refreshedAt, new Date(now - dayMs)), carriesNothing))).count;
  });
}
