import { doublePrecision, foreignKey, index, integer, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations } from "@/lib/organizations/tables";

/**
 * One grant of one account over there. Its tokens are sealed (`secret-box.ts`, context `credential:<id>`) and rotate together: whoever
 * refreshes holds the row's lock, and the new pair commits before anybody uses it. `version` rises with every pair, so that somebody who
 * was refused can see whether they held an old one.
 */
export const oauthCredentials = pgTable(
  "oauth_credentials",
  {
    id: id("credential"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    plugin: text("plugin").notNull(),
    /** The account over there that consented (Atlassian: accountId), and what it is called. */
    accountId: text("account_id").notNull(),
    accountName: text("account_name").notNull(),
    /** Whose account it is here. */
    memberId: text("member_id").notNull(),
    accessToken: text("access_token").notNull(),
    refreshToken: text("refresh_token").notNull(),
    expiresAt: instant("expires_at").notNull(),
    scopes: text("scopes").array().notNull(),
    version: integer("version").notNull().default(1),
    refreshedAt: instant("refreshed_at").notNull(),
    /** After a failed refresh nobody tries again before this instant; an outage is no revocation. */
    retryAfter: instant("retry_after"),
    lastError: text("last_error"),
    /** The grant is gone for good (revoked, expired, password changed): only a new consent helps. */
    brokenAt: instant("broken_at"),
    brokenReason: text("broken_reason"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("oauth_credentials_account").on(table.organizationId, table.plugin, table.accountId),
    unique("oauth_credentials_tenant_key").on(table.organizationId, table.id),
    index("oauth_credentials_idle").on(table.refreshedAt),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("oauth_credentials"),
  ],
);

/** How much may still be asked of one place over there: a token bucket, and what a 429 said about when to come back. */
export const siteBudgets = pgTable(
  "site_budgets",
  {
    /** The place's id over there (Jira: the cloud id). */
    siteId: text("site_id").primaryKey(),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    tokens: doublePrecision("tokens").notNull(),
    refilledAt: instant("refilled_at").notNull(),
    blockedUntil: instant("blocked_until"),
  },
  () => [tenantPolicy("site_budgets")],
);
