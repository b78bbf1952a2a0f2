import { sql } from "drizzle-orm";
import { foreignKey, index, integer, jsonb, pgPolicy, pgTable, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, inSystemScope, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { users } from "@/lib/platform/auth/tables";
import { roles } from "./inputs";

const ownOrganization = sql`(id = (select current_setting('app.organization_id', true)) or ${inSystemScope}
  or exists (select 1 from members m where m.organization_id = organizations.id and m.user_id = (select current_setting('app.user_id', true))))`;
const writableOrganization = sql`(id = (select current_setting('app.organization_id', true)) or ${inSystemScope})`;

/** The tenant. */
export const organizations = pgTable(
  "organizations",
  {
    id: id("organization"),
    name: text("name").notNull(),
    slug: text("slug").notNull(),
    /** Language and zone of mails to people without an account. */
    locale: text("locale").notNull().default("en"),
    timeZone: text("time_zone").notNull().default("UTC"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("organizations_slug_key").on(table.slug),
    pgPolicy("organizations_own", { for: "all", to: "public", using: ownOrganization, withCheck: writableOrganization }),
  ],
);

/** A place inside an organization, with its own news and calendar. */
export const workspaces = pgTable(
  "workspaces",
  {
    id: id("workspace"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    slug: text("slug").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("workspaces_slug_key").on(table.organizationId, table.slug),
    unique("workspaces_tenant_key").on(table.organizationId, table.id),
    tenantPolicy("workspaces"),
  ],
);

/** A person inside an organization. Removed members keep their row: meetings and mails they took part in still name them. */
export const members = pgTable(
  "members",
  {
    id: id("member"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    role: text("role", { enum: roles }).notNull().default("member"),
    joinedAt: instant("joined_at").notNull().defaultNow(),
    removedAt: instant("removed_at"),
  },
  (table) => [
    uniqueIndex("members_user_key").on(table.organizationId, table.userId),
    // The target of composite foreign keys: a row of one organization cannot point at a member of another.
    unique("members_tenant_key").on(table.organizationId, table.id),
    index("members_user").on(table.userId),
    tenantPolicy("members"),
    pgPolicy("members_own", { for: "select", to: "public", using: sql`user_id = (select current_setting('app.user_id', true))` }),
  ],
);

/** Which workspaces a member is in. */
export const workspaceMembers = pgTable(
  "workspace_members",
  {
    organizationId: text("organization_id").notNull(),
    workspaceId: text("workspace_id").notNull(),
    memberId: text("member_id").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.memberId] }),
    index("workspace_members_member").on(table.memberId),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("workspace_members"),
  ],
);

/**
 * An invitation to join. Its state is derived: accepted, revoked, expired, opened or sent, in that order. Re-inviting renews the
 * same row and raises `generation`, which the signed link carries, so older links stop working.
 */
export const invitations = pgTable(
  "invitations",
  {
    id: id("invitation"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    email: text("email").notNull(),
    role: text("role", { enum: roles }).notNull().default("member"),
    workspaceId: text("workspace_id"),
    invitedBy: text("invited_by").notNull(),
    generation: integer("generation").notNull().default(1),
    sentAt: instant("sent_at").notNull().defaultNow(),
    openedAt: instant("opened_at"),
    expiresAt: instant("expires_at").notNull(),
    acceptedAt: instant("accepted_at"),
    acceptedBy: text("accepted_by"),
    revokedAt: instant("revoked_at"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("invitations_open_key").on(table.organizationId, table.email).where(sql`accepted_at is null and revoked_at is null`),
    index("invitations_list").on(table.organizationId, table.createdAt),
    foreignKey({ columns: [table.organizationId, table.invitedBy], foreignColumns: [members.organizationId, members.id] }),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }),
    tenantPolicy("invitations"),
  ],
);

/** Personal API tokens: shown once, stored as a hash, bound to one member, scoped and expiring. */
export const apiTokens = pgTable(
  "api_tokens",
  {
    id: id("apiToken"),
    organizationId: text("organization_id").notNull(),
    memberId: text("member_id").notNull(),
    name: text("name").notNull(),
    tokenHash: text("token_hash").notNull(),
    /** The last four characters, so that a person can tell tokens apart in the list. */
    lastFour: text("last_four").notNull(),
    scopes: text("scopes").array().notNull(),
    expiresAt: instant("expires_at").notNull(),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("api_tokens_hash_key").on(table.tokenHash),
    index("api_tokens_member").on(table.memberId),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("api_tokens"),
  ],
);

/** What an admin changed, and who did it. Append-only. */
export const auditEntries = pgTable(
  "audit_entries",
  {
    id: id("audit"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    actorId: text("actor_id").notNull(),
    action: text("action").notNull(),
    subject: text("subject").notNull(),
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull().default({}),
    createdAt: createdAt(),
  },
  (table) => [index("audit_entries_list").on(table.organizationId, table.id), tenantPolicy("audit_entries")],
);
