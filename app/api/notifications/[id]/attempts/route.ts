import { Refused } from "@/lib/platform/errors";
import { readQuery, route } from "@/lib/platform/route";
import { listAttemptsInput } from "@/lib/notifications/console/inputs";
import { attemptResourceOf } from "@/lib/notifications/console/mappings";
import { attemptsOf } from "@/lib/notifications/console/attempts/queries";
import { memberOfRequest, type Member } from "@/lib/organizations/actor";

/** What was tried to deliver one notification: for admins to everybody, for members to themselves. */
export const GET = route<{ id: string }>(async (request, { id }) => {
  const { member, own } = await reader(request);
  const { attempts, nextCursor } = await attemptsOf(member, id, readQuery(request, listAttemptsInput), own);
  return Response.json({ attempts: attempts.map(attemptResourceOf), nextCursor });
});

/** A token that may read its owner's notifications reads no one else's, though its owner be an admin: that is what `deliveries:read` is for. */
async function reader(request: Request): Promise<{ member: Member; own: boolean }> {
  try {
    return { member: await memberOfRequest(request, "deliveries:read"), own: false };
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "FORBIDDEN") throw error;
    return { member: await memberOfRequest(request, "notifications:read"), own: true };
  }
}
