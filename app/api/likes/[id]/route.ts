import { readQuery, route } from "@/lib/platform/route";
import { setLike } from "@/lib/feed/likes/commands";
import { listLikersInput } from "@/lib/feed/likes/inputs";
import { likeableOf, likersOf } from "@/lib/feed/likes/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "comments:read");
  return Response.json(await likersOf(member, id, readQuery(request, listLikersInput)));
});

export const PUT = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "likes:write");
  return Response.json(await setLike(member, await likeableOf(member, id), true));
});

export const DELETE = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "likes:write");
  return Response.json(await setLike(member, await likeableOf(member, id), false));
});
