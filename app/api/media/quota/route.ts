import { route } from "@/lib/platform/route";
import { quotaOf } from "@/lib/feed/media/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => Response.json(await quotaOf(await memberOfRequest(request, "media:read"))));
