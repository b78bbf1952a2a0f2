import type { Tenant } from "@/lib/platform/db/client";
import { coveredNotifications } from "../deliveries/queries";
import { happeningOf } from "../templates/plugin-words";
import { isPluginType, type Happening } from "./rules";

/** What each of these deliveries tells: its own event at a linked service and those of the deliveries it overtook, newest first. */
export async function coveredHappenings(tenant: Tenant, deliveryIds: string[]): Promise<Map<string, Happening[]>> {
  const covered = await coveredNotifications(tenant, deliveryIds);
  return new Map([...covered].map(([id, rows]) => [id, rows.flatMap(({ type, ...row }) => (isPluginType(type) ? [happeningOf(row, type)] : [])).reverse()]));
}
