import { readQuery, route } from "@/lib/platform/route";
import { listAttemptsInput } from "@/lib/notifications/console/inputs";
import { attemptResourceOf } from "@/lib/notifications/console/mappings";
import { attemptsOf } from "@/lib/notifications/console/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

/** What was tried to deliver one notification: for admins to everybody, for members to themselves. */
export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "notifications:read");
  const { attempts, nextCursor } = await attemptsOf(member, id, readQuery(request, listAttemptsInput));
  return Response.json({ attempts: attempts.map(attemptResourceOf), nextCursor });
});
