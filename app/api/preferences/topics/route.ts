import { route } from "@/lib/platform/route";
import { listedTopicResourceOf } from "@/lib/notifications/topics/mappings";
import { myTopics } from "@/lib/notifications/topics/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "preferences:read");
  return Response.json({ topics: (await myTopics(member)).map(listedTopicResourceOf) });
});
