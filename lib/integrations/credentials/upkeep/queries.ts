import { and, asc, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { pluginConnections } from "../../connections/tables";
import { carriesNothing } from "../commands";
import { refreshUnderWay } from "../rules";
import { oauthCredentials } from "../tables";

const minuteMs = 60_000;
/** Atlassian forgets a refresh token that was not used for 90 days. */
const idleMs = 7 * 24 * 60 * minuteMs;
/** Connections are asked for at any moment; their tokens are renewed before a caller would have to wait for it. */
const aheadMs = 10 * minuteMs;
const grantsMax = 500;

export interface GrantToRenew {
  organizationId: string;
  credentialId: string;
  version: number;
}

/** Those in use whose token ends soon, those that nobody has used for a week, and those whose last refresh failed or was cut off. */
export async function grantsToRenew(): Promise<GrantToRenew[]> {
  const now = clock.nowMs();
  const inUse = sql`exists (select 1 from ${pluginConnections} where ${pluginConnections.credentialId} = ${oauthCredentials.id} and ${pluginConnections.disconnectedAt} is null)`;
  return asSystem("grants", (tx) =>
    tx
      .select({ organizationId: oauthCredentials.organizationId, credentialId: oauthCredentials.id, version: oauthCredentials.version })
      .from(oauthCredentials)
      .where(
        and(
          isNull(oauthCredentials.brokenAt),
          or(isNull(oauthCredentials.retryAfter), lte(oauthCredentials.retryAfter, new Date(now))),
          or(
            isNotNull(oauthCredentials.lastError),
            and(lte(oauthCredentials.expiresAt, new Date(now + aheadMs)), inUse),
            and(lte(oauthCredentials.refreshedAt, new Date(now - idleMs)), sql`not (${carriesNothing})`),
          ),
        ),
      )
      // What was cut off has minutes, and at a slow token server the others take longer.
      .orderBy(sql`coalesce(${oauthCredentials.lastError} = ${refreshUnderWay}, false) desc`, asc(oauthCredentials.expiresAt))
      .limit(grantsMax),
  );
}
