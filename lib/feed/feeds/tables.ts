import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, integer, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { workspaces } from "@/lib/organizations/tables";
import { postings } from "./bounds/inputs";

/** A stream of articles inside a workspace. The first is its news, which is made when it is first asked for and cannot be archived. */
export const feeds = pgTable(
  "feeds",
  {
    id: id("feed"),
    organizationId: text("organization_id").notNull(),
    workspaceId: text("workspace_id").notNull(),
    /** Null for the first: its name is a word of the reader's language. */
    name: text("name"),
    slug: text("slug").notNull(),
    first: boolean("first").notNull().default(false),
    /** Who may publish in it. */
    posting: text("posting", { enum: postings }).notNull().default("members"),
    position: integer("position").notNull().default(0),
    archivedAt: instant("archived_at"),
    createdAt: createdAt(),
  },
  (table) => [
    unique("feeds_tenant_key").on(table.organizationId, table.id),
    // A place names its feed and its workspace; this keeps the two together.
    unique("feeds_workspace_key").on(table.organizationId, table.workspaceId, table.id),
    uniqueIndex("feeds_slug_key").on(table.workspaceId, table.slug),
    uniqueIndex("feeds_first_key").on(table.workspaceId).where(sql`first`),
    index("feeds_list").on(table.workspaceId, table.position),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }).onDelete("cascade"),
    tenantPolicy("feeds"),
  ],
);
