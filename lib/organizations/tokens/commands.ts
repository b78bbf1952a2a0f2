import { randomBytes } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { hashSecret } from "@/lib/platform/auth/token-hash";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "../actor";
import { apiTokens } from "../tables";
import { createApiTokenInput, type CreateApiTokenInput } from "./inputs";

/** `secret` exists only in this answer; afterwards there is only its hash. */
export interface NewApiToken {
  id: string;
  secret: string;
  expiresAt: Date;
}

/** The prefix lets secret scanners, and people, recognize a leaked token. */
export const tokenPrefix = "moim_";

export async function createApiToken(member: Member, input: CreateApiTokenInput): Promise<NewApiToken> {
  const { name, scopes, days } = parseInput(createApiTokenInput, input);
  const secret = tokenPrefix + randomBytes(32).toString("base64url");
  const now = clock.now();
  const token = { id: newId("apiToken"), secret, expiresAt: new Date(now.getTime() + days * 86_400_000) };
  await inTenant(member, (tx) =>
    tx.insert(apiTokens).values({
      id: token.id,
      organizationId: member.organizationId,
      memberId: member.id,
      name,
      tokenHash: hashSecret(secret),
      lastFour: secret.slice(-4),
      scopes: [...new Set(scopes)],
      expiresAt: token.expiresAt,
      createdAt: now,
    }),
  );
  return token;
}

/** @throws Refused NOT_FOUND unless it is one of the member's own. */
export async function revokeApiToken(member: Member, tokenId: string): Promise<void> {
  const revoked = await inTenant(member, (tx) =>
    tx
      .update(apiTokens)
      .set({ revokedAt: clock.now() })
      .where(
        and(
          eq(apiTokens.organizationId, member.organizationId),
          eq(apiTokens.memberId, member.id),
          eq(apiTokens.id, tokenId),
          isNull(apiTokens.revokedAt),
        ),
      )
      .returning({ id: apiTokens.id }),
  );
  if (revoked.length === 0) throw new Refused("NOT_FOUND");
}
