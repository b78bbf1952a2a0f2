import { and, asc, eq, inArray, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import type { MailReport } from "@/lib/platform/mail";
import { append } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { mailReported, mailStopped } from "../events";
import { storable } from "../rules";
import { deliveries } from "../tables";
import { addressKey } from "./queries";
import { readReport, type Report } from "./rules";
import { mailReports, mailStops } from "./tables";

/**
 * Stores a report of the mail provider, so that it can be answered at once; what follows from it is done later. A repeated one is
 * known by its id.
 */
export async function keepReport({ id, body }: MailReport): Promise<"kept" | "known" | "ignored"> {
  const report = readReport(body);
  if (!report) return "ignored";
  return asSystem("mail-stops", async (tx) => {
    const delivery = report.deliveryId === null ? null : await deliveryOf(tx, report.deliveryId);
    const [kept] = await tx
      .insert(mailReports)
      .values({ id, type: report.type, payload: storable(body) as Record<string, unknown>, deliveryId: delivery?.id ?? null, receivedAt: clock.now() })
      .onConflictDoNothing()
      .returning({ id: mailReports.id });
    if (!kept) return "known";
    // Wakes whoever handles it. Mails that are no deliveries belong to no organization, and are found by the minute.
    if (delivery) await append(tx, systemTenant(delivery.organizationId), mailReported, { reportId: id });
    return "kept";
  });
}

const reportsAtOnce = 100;

/** Draws the consequences of what was reported. Safe to run at any time, twice, and from several processes. */
export async function handleReports(): Promise<{ handled: number; waiting: number; stopped: string[] }> {
  return asSystem("mail-stops", async (tx) => {
    const waiting = await tx
      .select()
      .from(mailReports)
      .where(isNull(mailReports.handledAt))
      .orderBy(asc(mailReports.receivedAt), asc(mailReports.id))
      .limit(reportsAtOnce)
      .for("update", { skipLocked: true });
    const handled: string[] = [];
    const stopped: string[] = [];
    for (const { id, payload, receivedAt } of waiting) {
      const report = readReport(payload);
      if (report?.stop) stopped.push(...(await stopAddresses(tx, report, report.stop)));
      if (!report || (await markDelivery(tx, report)) || isOld(receivedAt)) handled.push(id);
    }
    if (handled.length > 0) await tx.update(mailReports).set({ handledAt: clock.now() }).where(inArray(mailReports.id, handled));
    return { handled: handled.length, waiting: waiting.length - handled.length, stopped };
  });
}

/** The provider's report can be faster than its answer; longer than this nobody is still waiting for one. */
const isOld = (receivedAt: Date) => clock.nowMs() - receivedAt.getTime() > 24 * 60 * 60 * 1000;

/** @returns the addresses that took mail until now. */
async function stopAddresses(tx: Tx, { addresses, at, detail }: Report, reason: "bounce" | "complaint"): Promise<string[]> {
  const words = detail || reason;
  const fresh = await tx
    .insert(mailStops)
    .values([...new Set(addresses)].map((address) => ({ address, reason, detail: words, stoppedAt: at })))
    .onConflictDoUpdate({
      target: mailStops.address,
      set: { reason: sql`excluded.reason`, detail: sql`excluded.detail`, stoppedAt: sql`excluded.stopped_at`, liftedAt: null },
      // A report about a mail from before it was lifted says nothing about whether it works now.
      setWhere: and(isNotNull(mailStops.liftedAt), lt(mailStops.liftedAt, sql`excluded.stopped_at`)),
    })
    .returning({ address: mailStops.address });
  const now = fresh.map(({ address }) => address);
  if (now.length > 0) await tellMembers(tx, now, reason, words);
  return now;
}

/** Whoever reads at this address cannot be told by mail; the product tells them, in each of their organizations. */
async function tellMembers(tx: Tx, addresses: string[], reason: "bounce" | "complaint", detail: string): Promise<void> {
  const concerned = await tx
    .select({ organizationId: members.organizationId, memberId: members.id, address: users.email })
    .from(users)
    .innerJoin(members, eq(members.userId, users.id))
    .where(and(inArray(users.email, addresses), isNull(members.removedAt)))
    .orderBy(members.id);
  for (const { organizationId, memberId, address } of concerned) {
    await append(tx, systemTenant(organizationId), mailStopped, { memberId, address, reason, detail });
  }
}

/** What did not reach anybody; what was complained about did. */
const lost: ReadonlySet<Report["type"]> = new Set(["email.bounced", "email.suppressed", "email.failed"]);

/** Notes on the delivery that what was accepted came back. False while its own run has not yet recorded that it was sent. */
async function markDelivery(tx: Tx, report: Report): Promise<boolean> {
  if (!lost.has(report.type) || report.deliveryId === null) return true;
  const delivery = await deliveryOf(tx, report.deliveryId);
  if (!delivery) return true;
  if (delivery.state === "sending" || delivery.state === "pending") return false;
  const failed = await tx
    .update(deliveries)
    .set({ state: "failed", cause: report.stop ? "gone" : "exhausted", reason: `${report.type.replace("email.", "")}: ${report.detail || "no reason given"}`.slice(0, 500) })
    // What was sent again meanwhile is another mail, with an id of its own.
    .where(and(eq(deliveries.id, delivery.id), eq(deliveries.state, "sent"), eq(deliveries.providerId, report.providerId)))
    .returning({ id: deliveries.id });
  if (failed.length > 0) log.warn("mail came back", { deliveryId: delivery.id, report: report.type, detail: report.detail });
  return true;
}

async function deliveryOf(tx: Tx, id: string) {
  const [found] = await tx
    .select({ id: deliveries.id, organizationId: deliveries.organizationId, state: deliveries.state })
    .from(deliveries)
    .where(eq(deliveries.id, id));
  return found ?? null;
}

const liftsADay = 10;

/**
 * Sends mail to the member's own address again, because they say that it works. The next mail that comes back stops it anew.
 * @throws Refused NOT_FOUND when it is not stopped, TOO_MANY_REQUESTS.
 */
export async function liftMyStop(member: Member): Promise<void> {
  await limitRate(`mail-lift:${member.userId}`, liftsADay, 24 * 60 * 60);
  const lifted = await asSystem("mail-stops", (tx) =>
    tx
      .update(mailStops)
      .set({ liftedAt: clock.now() })
      .where(and(eq(mailStops.address, addressKey(member.email)), isNull(mailStops.liftedAt)))
      .returning({ address: mailStops.address }),
  );
  if (lifted.length === 0) throw new Refused("NOT_FOUND");
}

const keptMs = 30 * 24 * 60 * 60 * 1000;

/** Reports name addresses and subjects: what was drawn from them stays, they themselves do not. */
export async function forgetReports(): Promise<number> {
  const before = new Date(clock.nowMs() - keptMs);
  return asSystem("housekeeping", async (tx) => (await tx.delete(mailReports).where(lt(mailReports.receivedAt, before))).count);
}
