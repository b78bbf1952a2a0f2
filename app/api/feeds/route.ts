import { idempotencyKey, readJson, readQuery, route } from "@/lib/platform/route";
import { createFeed } from "@/lib/feed/feeds/commands";
import { createFeedInput, listFeedsInput } from "@/lib/feed/feeds/inputs";
import { feedAt, feedsAt } from "@/lib/feed/feeds/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "articles:read");
  const { feeds } = await feedsAt(member, readQuery(request, listFeedsInput).workspace);
  return Response.json({ feeds });
});

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "articles:write");
  const { feedId } = await createFeed(member, await readJson(request, createFeedInput), { idempotencyKey: idempotencyKey(request) });
  return Response.json(await feedAt(member, feedId), { status: 201 });
});
