import { foreignKey, index, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members } from "@/lib/organizations/tables";
import { grantPurposes } from "./inputs";

/** An OAuth flow under way. `state` is single-use, and good only in the session that began it (RFC 6749 section 10.12). */
export const oauthStates = pgTable(
  "oauth_states",
  {
    /** SHA-256 of the state: what stands in the database cannot be replayed. */
    stateHash: text("state_hash").primaryKey(),
    organizationId: text("organization_id").notNull(),
    plugin: text("plugin").notNull(),
    memberId: text("member_id").notNull(),
    /** SHA-256 of the session's id. */
    sessionHash: text("session_hash").notNull(),
    purpose: text("purpose", { enum: grantPurposes }).notNull(),
    /** The connection whose grant is mended. */
    connectionId: text("connection_id"),
    /** A path of ours. */
    returnTo: text("return_to").notNull(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    createdAt: createdAt(),
  },
  (table) => [
    index("oauth_states_expiry").on(table.expiresAt),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("oauth_states"),
  ],
);
