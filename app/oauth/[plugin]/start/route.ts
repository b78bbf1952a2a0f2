import { sessionOfRequest } from "@/lib/platform/auth/session";
import { Refused } from "@/lib/platform/errors";
import { route } from "@/lib/platform/route";
import { memberOfPerson } from "@/lib/organizations/actor";
import { beginGrant, grantProvider } from "@/lib/integrations/grants/commands";
import { beginGrantInput } from "@/lib/integrations/grants/inputs";
import { seeOther } from "../see-other";

/** Sends somebody to consent: `?organization=…&purpose=connect|reconnect|link[&connection=…][&return=/path]`. A plain link leads here. */
export const GET = route<{ plugin: string }>(async (request, { plugin }) => {
  const provider = grantProvider(plugin);
  if (!provider) throw new Refused("NOT_FOUND");
  const { pathname, search, searchParams } = new URL(request.url);
  const session = await sessionOfRequest(request);
  if (!session) return seeOther(`/sign-in?${new URLSearchParams({ callbackUrl: pathname + search }).toString()}`);
  const { success, data } = beginGrantInput.safeParse(Object.fromEntries(searchParams));
  const member = success ? await memberOfPerson(session.user, data.organization) : null;
  if (!success || !member) return seeOther(`/oauth/${provider.plugin}/problem?problem=organization`);
  return seeOther(await beginGrant(provider, session, member, data));
});
