import { lt } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { sights } from "../tables";
import { lastSightLastsMs } from "./rules";

/** Forgets what nobody believes any more. */
export async function forgetSights(): Promise<number> {
  const before = new Date(clock.nowMs() - lastSightLastsMs);
  return asSystem("housekeeping", async (tx) => (await tx.delete(sights).where(lt(sights.checkedAt, before))).count);
}
