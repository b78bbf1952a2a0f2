import { readJson, route } from "@/lib/platform/route";
import { changeFeed } from "@/lib/feed/feeds/commands";
import { changeFeedInput } from "@/lib/feed/feeds/inputs";
import { feedAt } from "@/lib/feed/feeds/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => Response.json(await feedAt(await memberOfRequest(request, "articles:read"), id)));

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  await changeFeed(member, id, await readJson(request, changeFeedInput));
  return Response.json(await feedAt(member, id));
});
