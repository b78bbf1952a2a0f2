import { readJson, route } from "@/lib/platform/route";
import { setTopic } from "@/lib/notifications/topics/commands";
import { putTopicInput } from "@/lib/notifications/topics/inputs";
import { topicResourceOf } from "@/lib/notifications/topics/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

/** Says how it shall be, so repeating it changes nothing. */
export const PUT = route<{ topic: string }>(async (request, { topic }) => {
  const member = await memberOfRequest(request, "preferences:write");
  const { choice } = await readJson(request, putTopicInput);
  await setTopic(member, topic, choice);
  return Response.json(topicResourceOf(topic, choice));
});
