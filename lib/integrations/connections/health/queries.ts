import { and, asc, eq, isNull, sql, type SQL } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { firstIdAt, isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { oauthCredentials } from "../../credentials/tables";
import { hookRegistrations } from "../../hooks/tables";
import { inboundWebhooks } from "../../ingest/tables";
import { mayManageIntegrations } from "../../policy";
import { pluginConnections } from "../tables";
import { tokenState, verdict, webhookState, type TokenState, type Verdict, type WebhookState } from "./rules";

export interface Health {
  connectionId: string;
  verdict: Verdict;
  token: { state: TokenState; accountName: string | null; since: Date | null; detail: string | null };
  webhook: {
    state: WebhookState;
    kind: "manual" | "dynamic";
    verifiedAt: Date | null;
    lapsesAt: Date | null;
    /** Why the last renewal failed. */
    renewalError: string | null;
    refusedAt: Date | null;
    refusedReason: string | null;
    allowsUnsigned: boolean;
  };
  /** The last delivery that was proven to be genuine. */
  lastReceivedAt: Date | null;
  lag: { unread: number; unreadSince: Date | null; untold: number; untoldSince: Date | null };
  /** Of the last 24 hours. */
  day: { received: number; read: number; duplicate: number; unreadable: number };
  /** What may have been missed, and when it was last asked for. */
  gap: { since: Date | null; reconciledAt: Date | null };
  pausedAt: Date | null;
}

/** How every connection is, in one statement. @throws Refused FORBIDDEN unless the member manages integrations. */
export async function healthOfAll(member: Member): Promise<Map<string, Health>> {
  return new Map((await read(member, undefined)).map((health) => [health.connectionId, health]));
}

/** How one connection is; null when there is none of that id. @throws Refused FORBIDDEN. */
export async function healthOf(member: Member, connectionId: string): Promise<Health | null> {
  if (!isId("connection", connectionId)) return null;
  const [health] = await read(member, eq(pluginConnections.id, connectionId));
  return health ?? null;
}

const dayMs = 86_400_000;

async function read(member: Member, which: SQL | undefined): Promise<Health[]> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const now = clock.now();
  return inTenant(member, async (tx) => {
    const ofThis = eq(inboundWebhooks.connectionId, pluginConnections.id);
    const hooks = tx
      .select({
        lapsesAt: sql<Date | null>`min(${hookRegistrations.expiresAt})`.mapWith(hookRegistrations.expiresAt).as("lapses_at"),
        lastError: sql<string | null>`max(${hookRegistrations.lastError})`.as("renewal_error"),
      })
      .from(hookRegistrations)
      .where(eq(hookRegistrations.connectionId, pluginConnections.id))
      .as("hooks");
    const inState = (state: string) => sql<number>`count(*) filter (where ${inboundWebhooks.state} = ${state})`.mapWith(Number);
    const day = tx
      .select({
        received: sql<number>`count(*)`.mapWith(Number).as("day_received"),
        read: inState("read").as("day_read"),
        duplicate: inState("duplicate").as("day_duplicate"),
        unreadable: inState("unreadable").as("day_unreadable"),
      })
      .from(inboundWebhooks)
      // The identifier holds the time, and the log's index begins with both.
      .where(and(ofThis, sql`${inboundWebhooks.id} >= ${firstIdAt("inboundWebhook", new Date(now.getTime() - dayMs))}`))
      .as("day");
    const waiting = (alias: string, condition: SQL | undefined) =>
      tx
        .select({
          count: sql<number>`count(*)`.mapWith(Number).as(`${alias}_count`),
          since: sql<Date | null>`min(${inboundWebhooks.receivedAt})`.mapWith(inboundWebhooks.receivedAt).as(`${alias}_since`),
        })
        .from(inboundWebhooks)
        .where(and(ofThis, condition))
        .as(alias);
    const unread = waiting("unread", eq(inboundWebhooks.state, "received"));
    const untold = waiting("untold", and(eq(inboundWebhooks.state, "read"), sql`(${inboundWebhooks.toldAt} is null)`));
    const rows = await tx
      .select({
        id: pluginConnections.id,
        plugin: pluginConnections.plugin,
        hookKind: pluginConnections.hookKind,
        allowsUnsigned: pluginConnections.allowsUnsigned,
        verifiedAt: pluginConnections.verifiedAt,
        lastReceivedAt: pluginConnections.lastReceivedAt,
        refusedAt: pluginConnections.refusedAt,
        refusedReason: pluginConnections.refusedReason,
        pausedAt: pluginConnections.pausedAt,
        gapSince: pluginConnections.gapSince,
        reconciledAt: pluginConnections.reconciledAt,
        grant: {
          accountName: oauthCredentials.accountName,
          refreshedAt: oauthCredentials.refreshedAt,
          expiresAt: oauthCredentials.expiresAt,
          lastError: oauthCredentials.lastError,
          brokenAt: oauthCredentials.brokenAt,
          brokenReason: oauthCredentials.brokenReason,
        },
        lapsesAt: hooks.lapsesAt,
        renewalError: hooks.lastError,
        dayReceived: day.received,
        dayRead: day.read,
        dayDuplicate: day.duplicate,
        dayUnreadable: day.unreadable,
        unread: unread.count,
        unreadSince: unread.since,
        untold: untold.count,
        untoldSince: untold.since,
      })
      .from(pluginConnections)
      .leftJoin(oauthCredentials, eq(oauthCredentials.id, pluginConnections.credentialId))
      .crossJoinLateral(hooks)
      .crossJoinLateral(day)
      .crossJoinLateral(unread)
      .crossJoinLateral(untold)
      .where(and(eq(pluginConnections.organizationId, member.organizationId), isNull(pluginConnections.disconnectedAt), which))
      .orderBy(asc(pluginConnections.name), asc(pluginConnections.id));
    return rows.map((row) => {
      const hook = row.lapsesAt ? { lapsesAt: row.lapsesAt, lastError: row.renewalError } : null;
      const since = [row.unreadSince, row.untoldSince].filter((at) => at !== null).sort((a, b) => a.getTime() - b.getTime());
      const signs = { ...row, hook, waitingSince: since[0] ?? null };
      return {
        connectionId: row.id,
        verdict: verdict(signs, now),
        token: tokenOf(signs, now),
        webhook: {
          state: webhookState(signs, now),
          kind: row.hookKind,
          verifiedAt: row.verifiedAt,
          lapsesAt: row.lapsesAt,
          renewalError: row.renewalError,
          refusedAt: row.refusedAt,
          refusedReason: row.refusedReason,
          allowsUnsigned: row.allowsUnsigned,
        },
        lastReceivedAt: row.lastReceivedAt,
        lag: { unread: row.unread, unreadSince: row.unreadSince, untold: row.untold, untoldSince: row.untoldSince },
        day: { received: row.dayReceived, read: row.dayRead, duplicate: row.dayDuplicate, unreadable: row.dayUnreadable },
        gap: { since: row.gapSince, reconciledAt: row.reconciledAt },
        pausedAt: row.pausedAt,
      };
    });
  });
}

type Grant = { accountName: string; refreshedAt: Date; expiresAt: Date; lastError: string | null; brokenAt: Date | null; brokenReason: string | null };

function tokenOf(signs: { plugin: string; grant: Grant | null }, now: Date): Health["token"] {
  const state = tokenState(signs, now);
  const { grant } = signs;
  const broken = { since: grant?.brokenAt ?? null, detail: grant?.brokenReason ?? null };
  const fine = { since: grant?.refreshedAt ?? null, detail: grant?.lastError ?? null };
  return { state, accountName: grant?.accountName ?? null, ...(state === "broken" ? broken : fine) };
}
