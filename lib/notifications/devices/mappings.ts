import { z } from "zod";
import { deviceKinds } from "./tables";
import type { DeviceSummary } from "./queries";

/** A device as the REST API shows it. Its address and keys are never told: whoever holds them can push to it. */
export const deviceResource = z.strictObject({
  id: z.string(),
  kind: z.enum(deviceKinds),
  name: z.string(),
  workspaceId: z.string().nullable().meta({ description: "The workspace that is active on it; null for the whole organization" }),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
});

export const deviceResourceOf = ({ id, kind, name, workspaceId, createdAt, lastSeenAt }: DeviceSummary): z.output<typeof deviceResource> => ({
  id,
  kind,
  name,
  workspaceId,
  createdAt: createdAt.toISOString(),
  lastSeenAt: lastSeenAt.toISOString(),
});
