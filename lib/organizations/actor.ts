import { cache } from "react";
import { notFound, redirect } from "next/navigation";
import { and, asc, eq, gt, isNull, sql, type SQL } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { currentSession, sessionOfRequest } from "@/lib/platform/auth/session";
import { users } from "@/lib/platform/auth/tables";
import { hashSecret } from "@/lib/platform/auth/token-hash";
import { clock } from "@/lib/platform/clock";
import { asSystem, asUser, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { addLogContext } from "@/lib/platform/log";
import { limitRate } from "@/lib/platform/rate-limit";
import type { Role } from "./inputs";
import { apiTokens, members, organizations } from "./tables";
import type { Scope } from "./tokens/inputs";

/**
 * A person acting inside one organization, proven by a session or an API token. This file is the only mint of `Member`: a query
 * or command that asks for one cannot be called with a bare id.
 */
export interface Member extends Tenant {
  readonly id: string;
  readonly userId: string;
  readonly role: Role;
  readonly email: string;
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly hourCycle: "auto" | "h12" | "h23";
  readonly weekStart: "auto" | "monday" | "sunday" | "saturday";
  readonly organizationName: string;
  readonly organizationSlug: string;
}

/** The signed-in person as a member of the organization at `slug`; null when signed out or not (any longer) a member. */
export const memberOfSession = cache(async (slug: string): Promise<Member | null> => {
  const session = await currentSession();
  if (!session) return null;
  return firstMembership(session.user.id, isAt(slug));
});

/** For pages: somebody signed out is sent to sign in and back to `returnTo`; for anybody else than a member there is nothing here. */
export async function pageMember(slug: string, returnTo = `/${slug}`): Promise<Member> {
  const member = await memberOfSession(slug);
  if (member) return member;
  if (!(await currentSession())) redirect(`/sign-in?${new URLSearchParams({ callbackUrl: returnTo })}`);
  notFound();
}

/**
 * For server actions.
 * @throws Refused SIGNED_OUT when signed out, NOT_FOUND when not a member.
 */
export async function actingMember(slug: string): Promise<Member> {
  const member = await memberOfSession(slug);
  if (member) return member;
  throw new Refused((await currentSession()) ? "NOT_FOUND" : "SIGNED_OUT");
}

/**
 * For the REST API: a personal token that carries these scopes, else the session cookie. A session may belong to several organizations:
 * `?organization=<slug>` or `X-Moim-Organization` names one, otherwise it is the one joined first.
 * @throws Refused SIGNED_OUT, FORBIDDEN (token without one of them), NOT_FOUND (no such membership), TOO_MANY_REQUESTS.
 */
export async function memberOfRequest(request: Request, ...scopes: [Scope, ...Scope[]]): Promise<Member> {
  const authorization = request.headers.get("authorization");
  const member = authorization === null ? await memberOfCookie(request) : await memberOfToken(authorization, scopes);
  addLogContext({ organizationId: member.organizationId });
  return member;
}

/**
 * For durable functions and tests, which know a member by id from a stored row and not from a person's request. Never call it with
 * an id that came from outside.
 */
export async function memberById(tenant: Tenant, memberId: string): Promise<Member | null> {
  return inTenant(tenant, (tx) =>
    findMember(tx, and(eq(members.organizationId, tenant.organizationId), eq(members.id, memberId))),
  );
}

/** For the demo world and tests, which know the person and not a request. */
export async function memberOfPerson(person: { id: string }, slug: string): Promise<Member | null> {
  return firstMembership(person.id, isAt(slug));
}

async function memberOfCookie(request: Request): Promise<Member> {
  const session = await sessionOfRequest(request);
  if (!session) throw new Refused("SIGNED_OUT");
  const slug = new URL(request.url).searchParams.get("organization") ?? request.headers.get("x-moim-organization");
  const member = await firstMembership(session.user.id, slug === null ? undefined : isAt(slug));
  if (!member) throw new Refused("NOT_FOUND", { detail: "You are not a member of this organization." });
  return member;
}

const lastUsedEveryMs = 60_000;

async function memberOfToken(authorization: string, scopes: Scope[]): Promise<Member> {
  const [, secret] = /^Bearer +(moim_[\w-]{20,100})$/i.exec(authorization.trim()) ?? [];
  if (!secret) throw new Refused("SIGNED_OUT", { detail: "Send a personal API token as Authorization: Bearer moim_…" });
  const found = await findToken(hashSecret(secret));
  if (!found) throw new Refused("SIGNED_OUT", { detail: "This token is unknown, expired or revoked." });
  const lacking = scopes.find((scope) => !found.scopes.includes(scope));
  if (lacking) {
    throw new Refused("FORBIDDEN", { detail: `This token lacks the scope ${lacking}.`, extra: { requiredScope: lacking } });
  }
  await limitRate(`api-token:${found.tokenId}`, env().API_TOKEN_REQUESTS_PER_MINUTE, 60);
  return found.member;
}

async function findToken(tokenHash: string): Promise<{ tokenId: string; scopes: string[]; member: Member } | null> {
  const now = clock.now();
  return asSystem("authentication", async (tx) => {
    const [token] = await tx
      .select({ id: apiTokens.id, memberId: apiTokens.memberId, scopes: apiTokens.scopes, lastUsedAt: apiTokens.lastUsedAt })
      .from(apiTokens)
      .where(and(eq(apiTokens.tokenHash, tokenHash), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, now)));
    const member = token && (await findMember(tx, eq(members.id, token.memberId)));
    if (!member) return null;
    if (!token.lastUsedAt || now.getTime() - token.lastUsedAt.getTime() > lastUsedEveryMs) {
      await tx.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, token.id));
    }
    return { tokenId: token.id, scopes: token.scopes, member };
  });
}

/** PostgreSQL holds no U+0000, so nothing is found by it; asked for, it would fail as if the defect were ours. */
const isAt = (slug: string): SQL => (slug.includes("\u0000") ? sql`false` : eq(organizations.slug, slug));

function firstMembership(userId: string, condition: SQL | undefined): Promise<Member | null> {
  return asUser(userId, (tx) => findMember(tx, and(eq(members.userId, userId), condition)));
}

/** Removed members never resolve, whichever road led here. */
async function findMember(tx: Tx, condition: SQL | undefined): Promise<Member | null> {
  const [row] = await tx
    .select({
      id: members.id,
      organizationId: members.organizationId,
      userId: members.userId,
      role: members.role,
      email: users.email,
      name: users.name,
      locale: users.locale,
      timeZone: users.timeZone,
      hourCycle: users.hourCycle,
      weekStart: users.weekStart,
      organizationName: organizations.name,
      organizationSlug: organizations.slug,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(and(condition, isNull(members.removedAt)))
    .orderBy(asc(members.joinedAt), asc(members.id))
    .limit(1);
  return row ? ({ ...row, name: displayName(row) } as Member) : null;
}
