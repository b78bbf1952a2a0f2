import { readJson, readQuery, route } from "@/lib/platform/route";
import { acknowledge } from "@/lib/feed/must-reads/commands";
import { acknowledgeInput, readersInput } from "@/lib/feed/must-reads/inputs";
import { readersResourceOf } from "@/lib/feed/must-reads/mappings";
import { readersOf } from "@/lib/feed/must-reads/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:read");
  return Response.json(readersResourceOf(await readersOf(member, id, readQuery(request, readersInput))));
});

/** The member's own; said again, the first time counts. */
export const POST = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  const { version } = await readJson(request, acknowledgeInput);
  return Response.json(await acknowledge(member, id, version));
});
