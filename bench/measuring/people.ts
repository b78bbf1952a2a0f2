import { newSessionToken, openSession } from "@/lib/platform/auth/sessions";
import { ensurePerson } from "@/lib/platform/auth/people";
import { sessionCookieName } from "@/lib/platform/auth/session";
import { memberOfPerson, type Member } from "@/lib/organizations/actor";
import { createApiToken } from "@/lib/organizations/tokens/commands";
import { emailOf, slug, type PersonName } from "@/e2e/world";

export async function memberNamed(name: PersonName): Promise<Member> {
  const member = await memberOfPerson(await ensurePerson(emailOf(name)), slug);
  if (!member) throw new Error(`${name} is no member of the demo world`);
  return member;
}

/** The cookie of a browser in which this person has signed in. */
export async function signedInCookie(member: Member): Promise<string> {
  const token = newSessionToken();
  await openSession(member.userId, token, "bench");
  return `${sessionCookieName()}=${token}`;
}

export async function apiTokenOf(member: Member): Promise<string> {
  const { secret } = await createApiToken(member, { name: "Bench", scopes: ["meetings:read", "meetings:write"], days: 7 });
  return secret;
}
