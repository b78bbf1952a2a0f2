import { and, desc, eq, isNull } from "drizzle-orm";
import { inTenant } from "@/lib/platform/db/client";
import type { Member } from "../actor";
import { apiTokens } from "../tables";

export interface TokenSummary {
  id: string;
  name: string;
  lastFour: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
}

/** The member's own tokens that were not revoked, newest first; expired ones stay listed so that their owner sees why they fail. */
export async function myTokens(member: Member): Promise<TokenSummary[]> {
  return inTenant(member, (tx) =>
    tx
      .select({
        id: apiTokens.id,
        name: apiTokens.name,
        lastFour: apiTokens.lastFour,
        scopes: apiTokens.scopes,
        createdAt: apiTokens.createdAt,
        expiresAt: apiTokens.expiresAt,
        lastUsedAt: apiTokens.lastUsedAt,
      })
      .from(apiTokens)
      .where(and(eq(apiTokens.organizationId, member.organizationId), eq(apiTokens.memberId, member.id), isNull(apiTokens.revokedAt)))
      .orderBy(desc(apiTokens.id)),
  );
}
