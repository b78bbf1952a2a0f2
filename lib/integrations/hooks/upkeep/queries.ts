import { and, eq, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { pluginConnections } from "../../connections/tables";
import { renewWithinMs } from "../rules";
import { hookRegistrations } from "../tables";

/**
 * Connections whose registered webhooks want a look: those that are to be renewed, or failed to be, or are to be removed over there; with
 * `all`, every one, because what somebody removed at the site shows only by looking.
 */
export async function hooksToLookAfter({ all = false }: { all?: boolean } = {}): Promise<{ organizationId: string; connectionId: string; abandoned: boolean }[]> {
  const soon = new Date(clock.nowMs() + renewWithinMs);
  const abandoned = sql<boolean>`(${pluginConnections.disconnectedAt} is not null or ${pluginConnections.hookKind} = 'manual')`;
  return asSystem("webhooks", (tx) =>
    tx
      .selectDistinct({ organizationId: pluginConnections.organizationId, connectionId: pluginConnections.id, abandoned })
      .from(pluginConnections)
      .leftJoin(hookRegistrations, eq(hookRegistrations.connectionId, pluginConnections.id))
      .where(
        or(
          and(isNotNull(hookRegistrations.externalId), abandoned),
          and(
            isNull(pluginConnections.disconnectedAt),
            eq(pluginConnections.hookKind, "dynamic"),
            all ? undefined : or(isNull(hookRegistrations.externalId), isNotNull(hookRegistrations.lastError), lt(hookRegistrations.expiresAt, soon)),
          ),
        ),
      ),
  );
}
