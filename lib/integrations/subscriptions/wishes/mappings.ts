import { z } from "zod";
import { targets } from "../choices/inputs";
import { eventFilterInput } from "../inputs";
import type { SubscriptionView } from "./queries";

/** A subscription as the REST API shows it. */
export const subscriptionResource = z.strictObject({
  id: z.string(),
  name: z.string(),
  connectionId: z.string().nullable(),
  events: z.array(z.string()),
  filter: eventFilterInput,
  target: z.enum(targets),
  memberIds: z.array(z.string()),
  workspaceId: z.string().nullable(),
  endpointId: z.string().nullable(),
  paused: z.boolean(),
  ownerId: z.string(),
  lastMatchedAt: z.iso.datetime().nullable(),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  url: z.url(),
});

export function subscriptionResourceOf(view: SubscriptionView, url: string): z.output<typeof subscriptionResource> {
  const { id, name, connectionId, events, filter, target, memberIds, workspaceId, endpointId, ownerId, version } = view;
  return {
    id,
    name,
    connectionId,
    events,
    filter,
    target,
    memberIds,
    workspaceId,
    endpointId,
    paused: view.pausedAt !== null,
    ownerId,
    lastMatchedAt: view.lastMatchedAt?.toISOString() ?? null,
    version,
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
    url,
  };
}
