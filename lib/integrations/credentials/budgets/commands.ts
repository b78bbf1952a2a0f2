import { eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, type Tenant } from "@/lib/platform/db/client";
import { siteBudgets } from "../tables";
import { burst, overdraft, perSecond, waitMs, waitMsMax } from "./rules";

/** When the caller may go on: in `afterMs` (at most two seconds), or not before `retryAfterSeconds`. */
export type Turn = { afterMs: number } | { retryAfterSeconds: number };

/**
 * One request's turn at a site, in the order in which they ask, over all processes. The row is the site's and not the organization's: a
 * site may have belonged to another one before.
 */
export async function takeTurn(tenant: Tenant, siteId: string): Promise<Turn> {
  const now = clock.now();
  const at = sql`${now.toISOString()}::timestamptz`;
  const elapsed = sql`greatest(0, extract(epoch from ${at} - ${siteBudgets.refilledAt}))`;
  const full = sql`least(${burst}::float8, ${siteBudgets.tokens} + ${elapsed} * ${perSecond}::float8)`;
  return asSystem("grants", async (tx) => {
    const [taken] = await tx
      .insert(siteBudgets)
      .values({ siteId, organizationId: tenant.organizationId, tokens: burst - 1, refilledAt: now })
      .onConflictDoUpdate({
        target: siteBudgets.siteId,
        set: { tokens: sql`${full} - 1`, refilledAt: sql`greatest(${siteBudgets.refilledAt}, ${at})`, organizationId: tenant.organizationId },
        setWhere: sql`(${siteBudgets.blockedUntil} is null or ${siteBudgets.blockedUntil} <= ${at}) and ${full} - 1 >= ${-overdraft}::float8`,
      })
      // A turn that a crash forgets costs nothing, and everybody who asks the site waits for this commit.
      .returning({ tokens: siteBudgets.tokens, durability: sql`set_config('synchronous_commit', 'off', true)` });
    if (taken) return { afterMs: waitMs(taken.tokens) };
    const [row] = await tx.select({ blockedUntil: siteBudgets.blockedUntil }).from(siteBudgets).where(eq(siteBudgets.siteId, siteId));
    const blockedMs = (row?.blockedUntil?.getTime() ?? 0) - now.getTime();
    return { retryAfterSeconds: Math.ceil(Math.max(blockedMs, waitMsMax) / 1000) };
  });
}

/** The site asked to be left alone (429, or 503 with Retry-After): for everybody, until then. */
export async function block(tenant: Tenant, siteId: string, seconds: number): Promise<void> {
  const now = clock.now();
  const until = new Date(now.getTime() + seconds * 1000);
  await asSystem("grants", (tx) =>
    tx
      .insert(siteBudgets)
      .values({ siteId, organizationId: tenant.organizationId, tokens: burst, refilledAt: now, blockedUntil: until })
      .onConflictDoUpdate({
        target: siteBudgets.siteId,
        // GREATEST passes over null.
        set: { blockedUntil: sql`greatest(${siteBudgets.blockedUntil}, ${until.toISOString()}::timestamptz)` },
      }),
  );
}
