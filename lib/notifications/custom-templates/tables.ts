import { integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { organizations } from "@/lib/organizations/tables";
import type { TemplateContent, TemplateVariable } from "./inputs";

/** A template that an admin wrote. What is published takes a copy along, so that a later edit never changes what was sent. */
export const customTemplates = pgTable(
  "notification_templates",
  {
    id: id("template"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    /** How API clients name it: `release-note`. */
    key: text("key").notNull(),
    name: text("name").notNull(),
    category: text("category").notNull(),
    variables: jsonb("variables").$type<TemplateVariable[]>().notNull(),
    content: jsonb("content").$type<TemplateContent>().notNull(),
    version: integer("version").notNull().default(1),
    createdBy: text("created_by").notNull(),
    archivedAt: instant("archived_at"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("notification_templates_key").on(table.organizationId, table.key), tenantPolicy("notification_templates")],
);
