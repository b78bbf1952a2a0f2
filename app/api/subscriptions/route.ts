import { idempotencyKey, readJson, route, versioned } from "@/lib/platform/route";
import { subscriptionInput } from "@/lib/integrations/subscriptions/inputs";
import { createSubscription } from "@/lib/integrations/subscriptions/wishes/commands";
import { subscriptionResourceOf } from "@/lib/integrations/subscriptions/wishes/mappings";
import { subscriptionDetails, subscriptionsOf, subscriptionUrl } from "@/lib/integrations/subscriptions/wishes/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const subscriptions = await subscriptionsOf(await memberOfRequest(request, "subscriptions:read"));
  return Response.json({ subscriptions: subscriptions.map((view) => subscriptionResourceOf(view, subscriptionUrl(view.id))) });
});

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "subscriptions:write");
  const input = await readJson(request, subscriptionInput);
  const { subscriptionId } = await createSubscription(member, input, { idempotencyKey: idempotencyKey(request) });
  return versioned(subscriptionResourceOf(await subscriptionDetails(member, subscriptionId), subscriptionUrl(subscriptionId)), 201);
});
