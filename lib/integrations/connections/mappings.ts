import { z } from "zod";
import type { Health } from "./health/queries";
import { tokenStates, verdicts, webhookStates } from "./health/rules";
import type { Connection } from "./queries";

const instant = z.iso.datetime();

/** A connection as the API shows it. */
export const connectionResource = z.strictObject({
  id: z.string(),
  plugin: z.string(),
  name: z.string(),
  siteUrl: z.string().nullable().meta({ description: "The place over there, where it has an address" }),
  webhookUrl: z.string().meta({ description: "Where webhooks of this connection are sent to" }),
  hookKind: z.enum(["manual", "dynamic"]).meta({ description: "Whether an admin entered the webhook over there, or we registered it" }),
  paused: z.boolean(),
  createdAt: instant,
});

export const healthResource = z.strictObject({
  state: z.enum(verdicts),
  token: z.strictObject({ state: z.enum(tokenStates), accountName: z.string().nullable(), since: instant.nullable(), detail: z.string().nullable() }),
  webhook: z.strictObject({
    state: z.enum(webhookStates),
    verifiedAt: instant.nullable(),
    lapsesAt: instant.nullable(),
    refusedAt: instant.nullable(),
    refusedReason: z.string().nullable(),
    allowsUnsigned: z.boolean(),
  }),
  lastReceivedAt: instant.nullable(),
  lag: z.strictObject({ unread: z.int(), unreadSince: instant.nullable(), untold: z.int(), untoldSince: instant.nullable() }),
  last24Hours: z.strictObject({ received: z.int(), read: z.int(), duplicate: z.int(), unreadable: z.int() }),
  gapSince: instant.nullable(),
  reconciledAt: instant.nullable(),
});

export const connectionWithHealth = connectionResource.extend({ health: healthResource });

export function connectionResourceOf(connection: Connection, webhookUrl: string): z.output<typeof connectionResource> {
  const { id, plugin, name, metadata, hookKind, pausedAt, createdAt } = connection;
  return { id, plugin, name, siteUrl: metadata.siteUrl ?? null, webhookUrl, hookKind, paused: pausedAt !== null, createdAt: createdAt.toISOString() };
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

export function healthResourceOf({ verdict, token, webhook, lastReceivedAt, lag, day, gap }: Health): z.output<typeof healthResource> {
  const { state, verifiedAt, lapsesAt, refusedAt, refusedReason, allowsUnsigned } = webhook;
  return {
    state: verdict,
    token: { ...token, since: iso(token.since) },
    webhook: { state, verifiedAt: iso(verifiedAt), lapsesAt: iso(lapsesAt), refusedAt: iso(refusedAt), refusedReason, allowsUnsigned },
    lastReceivedAt: iso(lastReceivedAt),
    lag: { ...lag, unreadSince: iso(lag.unreadSince), untoldSince: iso(lag.untoldSince) },
    last24Hours: day,
    gapSince: iso(gap.since),
    reconciledAt: iso(gap.reconciledAt),
  };
}
