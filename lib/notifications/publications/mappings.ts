import { z } from "zod";
import { channelNames, preferenceChannels, type PreferenceChannel } from "../inputs";
import { deliveryStates } from "../tables";
import { audienceInput } from "./inputs";
import type { PublicationProgress } from "./queries";
import { audienceOf } from "./rules";

/** A publication and what became of it, as the REST API shows it. */
export const publicationResource = z.strictObject({
  id: z.string(),
  state: z.enum(["scheduled", "sending", "sent", "cancelled"]).meta({ description: "`sending` until nothing waits any more, digests and quiet hours included" }),
  url: z.url(),
  template: z.strictObject({ id: z.string(), key: z.string(), name: z.string() }),
  category: z.string(),
  variables: z.record(z.string(), z.string()),
  audience: audienceInput,
  channels: z.array(z.enum(preferenceChannels)),
  sendAt: z.iso.datetime(),
  requestedBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  inbox: z.strictObject({ told: z.int(), read: z.int() }),
  deliveries: z
    .partialRecord(z.enum(channelNames), z.partialRecord(z.enum(deliveryStates), z.int()))
    .meta({ description: "How many of each channel are in which state; what travels in a digest counts as the digest does" }),
  leftOut: z
    .partialRecord(z.enum(preferenceChannels), z.record(z.string(), z.int()))
    .meta({ description: "Members who are not told on a channel, by reason, such as `off` for their own choice" }),
});

export function publicationResourceOf(publication: PublicationProgress, url: string): z.output<typeof publicationResource> {
  const { id, state, templateId, templateKey, templateName, category, variables, requestedByName, inbox, channelStates, leftOut } = publication;
  return {
    id,
    state,
    url,
    template: { id: templateId, key: templateKey, name: templateName },
    category,
    variables,
    audience: audienceOf(publication.audience),
    // Only what the input allows was stored.
    channels: publication.channels as PreferenceChannel[],
    sendAt: publication.sendAt.toISOString(),
    requestedBy: requestedByName,
    createdAt: publication.createdAt.toISOString(),
    startedAt: publication.startedAt?.toISOString() ?? null,
    inbox,
    deliveries: channelStates,
    leftOut,
  };
}
