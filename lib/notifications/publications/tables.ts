import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { createdAt, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { organizations } from "@/lib/organizations/tables";
import type { AudienceSpec, PreferenceChannel } from "../inputs";
import type { TemplateContent } from "../custom-templates/inputs";

export const publicationStates = ["scheduled", "sending", "sent", "cancelled"] as const;

/** A notification that an admin or API client asked for. Its id becomes the notification's, so that one address shows both. */
export const publications = pgTable(
  "publications",
  {
    /** A notification id. */
    id: text("id").primaryKey(),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    templateId: text("template_id").notNull(),
    templateVersion: integer("template_version").notNull(),
    category: text("category").notNull(),
    content: jsonb("content").$type<TemplateContent>().notNull(),
    variables: jsonb("variables").$type<Record<string, string>>().notNull(),
    audience: jsonb("audience").$type<AudienceSpec>().notNull(),
    channels: jsonb("channels").$type<PreferenceChannel[]>().notNull(),
    state: text("state", { enum: publicationStates }).notNull().default("scheduled"),
    sendAt: instant("send_at").notNull(),
    requestedBy: text("requested_by").notNull(),
    startedAt: instant("started_at"),
    /** When the last of its audience had been told, or when it was cancelled. */
    settledAt: instant("settled_at"),
    createdAt: createdAt(),
  },
  (table) => [
    unique("publications_tenant_key").on(table.organizationId, table.id),
    index("publications_scheduled").on(table.sendAt).where(sql`state = 'scheduled'`),
    tenantPolicy("publications"),
  ],
);
