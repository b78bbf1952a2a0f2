import { readQuery, route } from "@/lib/platform/route";
import { findPeopleInput } from "@/lib/feed/mentions/inputs";
import { peopleToMention } from "@/lib/feed/mentions/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:read");
  return Response.json({ people: await peopleToMention(member, id, readQuery(request, findPeopleInput)) });
});
