import { z } from "zod";

export const newerResource = z.strictObject({ count: z.int().meta({ description: "How many were published since; counted as far as 20" }) });

export const unreadResource = z.strictObject({
  workspaces: z.array(z.strictObject({ workspaceId: z.string(), unread: z.int().meta({ description: "Counted as far as 99" }) })),
});
