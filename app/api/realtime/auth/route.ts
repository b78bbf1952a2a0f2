import { z } from "zod";
import { Refused } from "@/lib/platform/errors";
import { authorizeChannel, memberChannel, organizationChannel } from "@/lib/platform/realtime";
import { readBytes, route } from "@/lib/platform/route";
import { parseInput } from "@/lib/platform/validation";
import { mayHearChannel } from "@/lib/feed/live/queries";
import { memberOfRequest, type Member } from "@/lib/organizations/actor";

/** What pusher-js posts, as a form: https://pusher.com/docs/channels/server_api/authorizing-users/ */
const wish = z.object({
  socket_id: z.string("wrong-type").regex(/^\d+\.\d+$/, "malformed"),
  channel_name: z.string("wrong-type").max(200, "too-long"),
});

/** Lets a member's browser hear their own channel, that of their organization, and those of the news they may read; no other. */
export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "notifications:read");
  const { socket_id: socketId, channel_name: channel } = parseInput(wish, Object.fromEntries(new URLSearchParams((await readBytes(request)).toString("utf8"))));
  if (!isOwn(member, channel) && !(await mayHearChannel(member, channel))) throw new Refused("FORBIDDEN", { detail: "This channel is not yours." });
  return Response.json(authorizeChannel(socketId, channel));
});

const isOwn = (member: Member, channel: string) => channel === memberChannel(member.id) || channel === organizationChannel(member.organizationId);
