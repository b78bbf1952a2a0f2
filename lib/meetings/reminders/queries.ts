import { and, inArray, lt, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { reminders } from "../tables";

/** Reminders more than a minute past their instant and not yet fired; anything but zero means the functions are not running. */
export function overdueReminders(): Promise<number> {
  const late = new Date(clock.nowMs() - 60_000);
  return asSystem("health", async (tx) => {
    const [row] = await tx
      .select({ count: sql<number>`count(*)::int` })
      .from(reminders)
      .where(and(inArray(reminders.state, ["pending", "claimed"]), lt(reminders.dueAt, late)));
    return row?.count ?? 0;
  });
}
