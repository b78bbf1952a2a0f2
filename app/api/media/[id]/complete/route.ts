import { route } from "@/lib/platform/route";
import { completeUpload } from "@/lib/feed/media/commands";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => Response.json(await completeUpload(await memberOfRequest(request, "media:write"), id)));
