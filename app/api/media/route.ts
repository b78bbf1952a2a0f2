import { idempotencyKey, readJson, route } from "@/lib/platform/route";
import { beginUpload } from "@/lib/feed/media/commands";
import { beginUploadInput } from "@/lib/feed/media/requests/inputs";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "media:write");
  const begun = await beginUpload(member, await readJson(request, beginUploadInput), { idempotencyKey: idempotencyKey(request) });
  return Response.json(begun, { status: 201, headers: { Location: `/api/media/${begun.id}` } });
});
