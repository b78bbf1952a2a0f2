import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { asSystem } from "@/lib/platform/db/client";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { attempts, deliveries, notifications } from "./tables";

/** Shorthands of this domain's database tests: they look at rows across tenants, which the product never does. */
export const mailFolder = () => mkdtemp(join(tmpdir(), "moim-notifications-"));

/** The events about one subject as the relay would hand them over, oldest first. */
export async function eventsAbout(subjectId: string): Promise<{ name: string; envelope: EventEnvelope }[]> {
  const rows = await asSystem("relay", (tx) =>
    tx.select().from(outboxEvents).where(sql`${outboxEvents.payload}::text like ${`%${subjectId}%`}`).orderBy(outboxEvents.id),
  );
  return rows.map((row) => ({
    name: row.name,
    envelope: {
      eventId: row.id as EventEnvelope["eventId"],
      organizationId: row.organizationId,
      version: row.version,
      occurredAt: row.occurredAt.toISOString(),
      payload: row.payload,
    },
  }));
}

/** Deliveries about one subject with their type, oldest first. */
export async function deliveryRows(subjectId: string, channel = "email") {
  const rows = await asSystem("sweep", (tx) =>
    tx
      .select({ delivery: deliveries, type: notifications.type })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(sql`${notifications.subjectId} = ${subjectId} and ${deliveries.channel} = ${channel}`)
      .orderBy(deliveries.id),
  );
  return rows.map(({ delivery, type }) => ({ ...delivery, type }));
}

export const attemptRows = (deliveryId: string) =>
  asSystem("sweep", (tx) => tx.select().from(attempts).where(eq(attempts.deliveryId, deliveryId)).orderBy(attempts.id));
