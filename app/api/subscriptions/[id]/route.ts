import { ifMatch, readJson, route, versioned } from "@/lib/platform/route";
import { changeSubscriptionInput } from "@/lib/integrations/subscriptions/inputs";
import { changeSubscription, deleteSubscription } from "@/lib/integrations/subscriptions/wishes/commands";
import { subscriptionResourceOf } from "@/lib/integrations/subscriptions/wishes/mappings";
import { subscriptionDetails, subscriptionUrl } from "@/lib/integrations/subscriptions/wishes/queries";
import { memberOfRequest, type Member } from "@/lib/organizations/actor";

type Params = { id: string };

const shown = async (member: Member, id: string) => versioned(subscriptionResourceOf(await subscriptionDetails(member, id), subscriptionUrl(id)));

export const GET = route<Params>(async (request, { id }) => shown(await memberOfRequest(request, "subscriptions:read"), id));

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "subscriptions:write");
  const input = await readJson(request, changeSubscriptionInput);
  await changeSubscription(member, id, input, { ifVersion: ifMatch(request) });
  return shown(member, id);
});

export const DELETE = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "subscriptions:write");
  await deleteSubscription(member, id, { ifVersion: ifMatch(request) });
  return new Response(null, { status: 204 });
});
