import { z } from "zod";
import { Refused } from "@/lib/platform/errors";
import { authorizeChannel, memberChannel, organizationChannel } from "@/lib/platform/realtime";
import { readBytes, route } from "@/lib/platform/route";
import { parseInput } from "@/lib/platform/validation";
import { memberOfRequest } from "@/lib/organizations/actor";

/** What pusher-js posts, as a form: https://pusher.com/docs/channels/server_api/authorizing-users/ */
const wish = z.object({
  socket_id: z.string("wrong-type").regex(/^\d+\.\d+$/, "malformed"),
  channel_name: z.string("wrong-type").max(200, "too-long"),
});

/** Lets a member's browser hear their own channel and that of their organization, and no other. */
export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "notifications:read");
  const { socket_id: socketId, channel_name: channel } = parseInput(wish, Object.fromEntries(new URLSearchParams((await readBytes(request)).toString("utf8"))));
  if (channel !== memberChannel(member.id) && channel !== organizationChannel(member.organizationId)) throw new Refused("FORBIDDEN", { detail: "This channel is not yours." });
  return Response.json(authorizeChannel(socketId, channel));
});
