import { after } from "next/server";
import { sessionOfRequest } from "@/lib/platform/auth/session";
import { Refused } from "@/lib/platform/errors";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { route } from "@/lib/platform/route";
import { finishGrant, grantProvider } from "@/lib/integrations/grants/commands";
import { seeOther } from "../see-other";

/** Where the provider sends people back to. Whatever they come with, they end on a page of ours that says what became of it. */
export const GET = route<{ plugin: string }>(async (request, { plugin }) => {
  const provider = grantProvider(plugin);
  if (!provider) throw new Refused("NOT_FOUND");
  const query = new URL(request.url).searchParams;
  const path = await finishGrant(provider, await sessionOfRequest(request), { state: query.get("state"), code: query.get("code"), error: query.get("error") });
  after(pokeRelay);
  return seeOther(path);
});
