import { z } from "zod";
import { defineEvent } from "@/lib/platform/outbox/outbox";
import { categories, preferenceChannels } from "./inputs";

const actor = z.object({ memberId: z.string().nullable(), name: z.string() });

/** Who is meant by name or by what they are; the database resolves it when it is fanned out. */
export const audienceFacts = z.object({
  everyone: z.boolean().optional(),
  roles: z.array(z.enum(["owner", "admin", "member"])).optional(),
  workspaceIds: z.array(z.string()).optional(),
  memberIds: z.array(z.string()).optional(),
  emails: z.array(z.string()).optional(),
});

/** A publication's time has come. Its words are read from it when they are sent. */
export const notificationPublished = defineEvent(
  "notification.published",
  1,
  z.object({
    actor,
    publication: z.object({
      id: z.string(),
      category: z.enum(categories),
      channels: z.array(z.enum(preferenceChannels)),
      workspaceId: z.string().nullable(),
      /** The inbox line by language, with its variables filled in. */
      line: z.record(z.string(), z.string()),
      /** The words of its push by language, likewise. */
      push: z.record(z.string(), z.object({ title: z.string(), body: z.string() })).default({}),
      audience: audienceFacts,
    }),
  }),
);

/** Somebody asked for a publication; a durable function waits for its time. */
export const publicationRequested = defineEvent("publication.requested", 1, z.object({ actor, publicationId: z.string(), sendAt: z.iso.datetime() }));

/** A browser or phone may show this member's notifications from now on; if it was not them, they should know. */
export const deviceAdded = defineEvent(
  "device.added",
  1,
  z.object({ actor, memberId: z.string(), device: z.object({ id: z.string(), name: z.string(), kind: z.string() }) }),
);

/** The member's address takes no mail any more. */
export const mailStopped = defineEvent(
  "mail.stopped",
  1,
  z.object({ memberId: z.string(), address: z.string(), reason: z.enum(["bounce", "complaint"]), detail: z.string() }),
);

/** The mail provider reported something about a mail; the report itself is stored, this only wakes whoever handles it. */
export const mailReported = defineEvent("mail.reported", 1, z.object({ reportId: z.string() }));

/** An admin asked for dead letters to be tried again, now that their cause is gone. */
export const deliveriesReplayed = defineEvent(
  "deliveries.replayed",
  1,
  z.object({ actor, channel: z.string(), deliveryIds: z.array(z.string()).max(100) }),
);

/** Somebody asked for a failed delivery to be tried again; travels by the outbox so that the wish survives a crash. */
export const deliveryRequested = defineEvent(
  "delivery.requested",
  1,
  z.object({
    actor,
    deliveryId: z.string(),
    channel: z.string(),
    generation: z.number().int(),
  }),
);

/** Something held for this member may go now, because they changed when or how they want to be told. */
export const heldChanged = defineEvent("held.changed", 1, z.object({ memberId: z.string() }));
