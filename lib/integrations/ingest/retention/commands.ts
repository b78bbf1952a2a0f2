import { sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { logDays } from "./rules";

const rowsAtOnce = 2_000;

/**
 * Throws away what is old and done with, and with it whom it matched and who was told. What nobody has gone through yet is kept however
 * old it is, unless its connection is gone. In portions, so that no transaction holds much for long. @returns how many.
 */
export async function forgetWebhooks(): Promise<number> {
  const before = new Date(clock.nowMs() - logDays * 86_400_000).toISOString();
  let forgotten = 0;
  for (;;) {
    const { count } = await asSystem("housekeeping", (tx) =>
      tx.execute(sql`
        delete from inbound_webhooks where id in (
          select inbound_webhooks.id from inbound_webhooks join plugin_connections on plugin_connections.id = inbound_webhooks.connection_id
          where received_at < ${before}::timestamptz and (
            state in ('duplicate', 'unreadable') or (state = 'read' and dispatched_at is not null and told_at is not null)
            or disconnected_at < ${before}::timestamptz
          )
          order by received_at limit ${rowsAtOnce}
        )`),
    );
    forgotten += count;
    if (count < rowsAtOnce) return forgotten;
  }
}
