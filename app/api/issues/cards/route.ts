import { readQuery, route } from "@/lib/platform/route";
import { cardsInput } from "@/lib/integrations/issues/inputs";
import { cardsOf } from "@/lib/integrations/issues/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

/** A key without a card is not known, or not for this member to know. */
export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "issues:read");
  const { keys } = readQuery(request, cardsInput);
  return Response.json({ cards: [...(await cardsOf(member, keys.split(","))).values()] });
});
