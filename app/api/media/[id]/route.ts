import { readJson, route } from "@/lib/platform/route";
import { deleteMedia, describeMedia } from "@/lib/feed/media/commands";
import { describeMediaInput } from "@/lib/feed/media/requests/inputs";
import { mediaAt } from "@/lib/feed/media/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => Response.json(await mediaAt(await memberOfRequest(request, "media:read"), id)));

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "media:write");
  return Response.json(await describeMedia(member, id, await readJson(request, describeMediaInput)));
});

export const DELETE = route<Params>(async (request, { id }) => {
  await deleteMedia(await memberOfRequest(request, "media:write"), id);
  return new Response(null, { status: 204 });
});
