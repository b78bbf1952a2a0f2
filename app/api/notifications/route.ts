import { idempotencyKey, readJson, readQuery, route } from "@/lib/platform/route";
import { listNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { notificationResourceOf } from "@/lib/notifications/inbox/mappings";
import { inboxPage } from "@/lib/notifications/inbox/queries";
import { publish } from "@/lib/notifications/publications/commands";
import { publishInput } from "@/lib/notifications/publications/inputs";
import { publicationResourceOf } from "@/lib/notifications/publications/mappings";
import { publicationProgress, publicationUrl } from "@/lib/notifications/publications/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "notifications:read");
  const { items, nextCursor, count, seen } = await inboxPage(member, readQuery(request, listNotificationsInput));
  return Response.json({ notifications: items.map(notificationResourceOf), nextCursor, seen, ...count });
});

/** Publishes: what is asked for is written down at once, and goes out by itself. */
export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "notifications:publish");
  const { publicationId } = await publish(member, await readJson(request, publishInput), { idempotencyKey: idempotencyKey(request) });
  const url = publicationUrl(publicationId);
  return Response.json(publicationResourceOf(await publicationProgress(member, publicationId), url), { status: 202, headers: { Location: url } });
});
