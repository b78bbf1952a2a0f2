import { and, asc, isNotNull, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { pluginConnections } from "../connections/tables";
import { askEveryMs } from "./rules";

/**
 * Whether a connection wants to be asked: something may have been missed, or nobody has looked for an hour. Where no webhook has ever come
 * the hourly look is left out: it would bring events that nobody has set up yet.
 */
export const wantsAsking = (now: Date) =>
  and(
    isNull(pluginConnections.disconnectedAt),
    isNull(pluginConnections.pausedAt),
    isNotNull(pluginConnections.credentialId),
    sql`not exists (select 1 from oauth_credentials where oauth_credentials.id = ${pluginConnections.credentialId} and broken_at is not null)`,
    sql`(${pluginConnections.gapSince} is not null or (
      ${pluginConnections.verifiedAt} is not null
      and coalesce(${pluginConnections.reconciledAt}, ${pluginConnections.createdAt}) < ${new Date(now.getTime() - askEveryMs).toISOString()}::timestamptz
    ))`,
  );

/** Connections that want to be asked, of every organization. */
export function connectionsToAsk(limit = 500): Promise<{ organizationId: string; connectionId: string }[]> {
  return asSystem("webhooks", (tx) =>
    tx
      .select({ organizationId: pluginConnections.organizationId, connectionId: pluginConnections.id })
      .from(pluginConnections)
      .where(wantsAsking(clock.now()))
      .orderBy(asc(pluginConnections.reconciledAt), asc(pluginConnections.id))
      .limit(limit),
  );
}
