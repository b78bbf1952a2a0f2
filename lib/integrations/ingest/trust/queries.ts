import { sql } from "drizzle-orm";
import { clearOnCommit, taggedCache } from "@/lib/platform/cache";
import { clock } from "@/lib/platform/clock";
import { asSystem, type Tx } from "@/lib/platform/db/client";
import { isId } from "@/lib/platform/ids";
import { open } from "@/lib/platform/secret-box";

/** What a connection takes as proof, and whose it is. */
export interface ConnectionTrust {
  connectionId: string;
  organizationId: string;
  plugin: string;
  kind: "manual" | "dynamic";
  allowsUnsigned: boolean;
  verified: boolean;
  secrets: { secret: string; validUntil: number | null }[];
  hookIds: string[];
}

type Row = {
  organization_id: string;
  plugin: string;
  hook_kind: "manual" | "dynamic";
  allows_unsigned: boolean;
  verified: boolean;
  secrets: { id: string; secret: string; validUntil: string | null }[];
  hook_ids: string[];
};

/** Cleared by whatever changes what is trusted; the life is only for what forgot to. */
const cache = taggedCache<{ trust: ConnectionTrust }>("webhook-trust", { max: 2_000, lifeMs: 30_000 });
const tagOf = (connectionId: string) => `webhook-trust:${connectionId}`;

/** An id that nobody has, so that a malformed one is looked up like any other. */
const nobody = "con_00000000000000000000000000";

/** Null for a connection that there is not, or no longer. Only what exists is kept, so that guesses cannot crowd it out. */
export async function trustOf(connectionId: string): Promise<ConnectionTrust | null> {
  const wanted = isId("connection", connectionId) ? connectionId : nobody;
  return orNobody(() => cache.read(tagOf(wanted), async () => ({ trust: await found(wanted) })));
}

async function orNobody(read: () => Promise<{ trust: ConnectionTrust }>): Promise<ConnectionTrust | null> {
  try {
    return (await read()).trust;
  } catch (error) {
    if (error instanceof Nobody) return null;
    throw error;
  }
}

/** A flood of forged deliveries is not worth a question each; what is cleared is cleared here, too, or a proof that ended would be taken. */
const looked = taggedCache<{ trust: ConnectionTrust }>("webhook-trust-looked", { max: 2_000, lifeMs: 1_000 });

/** As it stands in the database, or stood there less than a second ago. */
export async function freshTrustOf(connectionId: string): Promise<ConnectionTrust | null> {
  return orNobody(() => looked.read(tagOf(connectionId), async () => ({ trust: await found(connectionId) })));
}

/** To be called by whatever changes a connection, its secrets or its registered webhooks, in the transaction of the change. */
export const forgetTrust = (tx: Tx, connectionId: string): Promise<void> => clearOnCommit(tx, tagOf(connectionId));

/** Those of now; a rotated secret ends at its instant, also while it is kept here. */
export const secretsNow = ({ secrets }: ConnectionTrust): string[] =>
  secrets.filter(({ validUntil }) => validUntil === null || validUntil > clock.nowMs()).map(({ secret }) => secret);

class Nobody extends Error {}

async function found(connectionId: string): Promise<ConnectionTrust> {
  const trust = await load(connectionId);
  if (!trust) throw new Nobody();
  return trust;
}

async function load(connectionId: string): Promise<ConnectionTrust | null> {
  const [row] = await asSystem("webhooks", (tx) =>
    tx.execute<Row>(sql`
      select organization_id, plugin, hook_kind, allows_unsigned, verified_at is not null as verified,
        coalesce((select json_agg(json_build_object('id', id, 'secret', secret, 'validUntil', valid_until)) from webhook_secrets where connection_id = ${connectionId}), '[]') as secrets,
        coalesce((select json_agg(external_id) from hook_registrations where connection_id = ${connectionId}), '[]') as hook_ids
      from plugin_connections where id = ${connectionId} and disconnected_at is null`),
  );
  return row
    ? {
        connectionId,
        organizationId: row.organization_id,
        plugin: row.plugin,
        kind: row.hook_kind,
        allowsUnsigned: row.allows_unsigned,
        verified: row.verified,
        secrets: row.secrets.map(({ id, secret, validUntil }) => ({
          secret: open(secret, `webhook-secret:${id}`),
          validUntil: validUntil === null ? null : Date.parse(validUntil),
        })),
        hookIds: row.hook_ids,
      }
    : null;
}
