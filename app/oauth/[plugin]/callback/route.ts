import { after } from "next/server";
import { sessionOfRequest } from "@/lib/platform/auth/session";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { finishGrant, grantProvider } from "@/lib/integrations/grants/commands";
import { seeOther } from "../see-other";

/** Where the provider sends people back to. Whatever they come with, they end on a page of ours that says what became of it. */
export async function GET(request: Request, { params }: { params: Promise<{ plugin: string }> }): Promise<Response> {
  const provider = grantProvider((await params).plugin);
  if (!provider) return new Response(null, { status: 404 });
  const query = new URL(request.url).searchParams;
  const path = await finishGrant(provider, await sessionOfRequest(request), { state: query.get("state"), code: query.get("code"), error: query.get("error") });
  after(pokeRelay);
  return seeOther(path);
}
