import { boolean, foreignKey, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members } from "@/lib/organizations/tables";
import { pluginConnections } from "../connections/tables";
import { oauthCredentials } from "../credentials/tables";

/** Who a member is over there, proven by their own consent: their own changes are not announced to them, and they act as themselves. */
export const pluginPeople = pgTable(
  "plugin_people",
  {
    id: id("person"),
    organizationId: text("organization_id").notNull(),
    plugin: text("plugin").notNull(),
    memberId: text("member_id").notNull(),
    accountId: text("account_id").notNull(),
    accountName: text("account_name").notNull(),
    credentialId: text("credential_id").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("plugin_people_member").on(table.organizationId, table.plugin, table.memberId),
    uniqueIndex("plugin_people_account").on(table.organizationId, table.plugin, table.accountId),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.credentialId], foreignColumns: [oauthCredentials.organizationId, oauthCredentials.id] }).onDelete("cascade"),
    tenantPolicy("plugin_people"),
  ],
);

/** Whether an account may see an entity over there, as it was answered last; believed for minutes only. */
export const sights = pgTable(
  "sights",
  {
    organizationId: text("organization_id").notNull(),
    connectionId: text("connection_id").notNull(),
    entity: text("entity").notNull(),
    accountId: text("account_id").notNull(),
    visible: boolean("visible").notNull(),
    checkedAt: instant("checked_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.entity, table.accountId] }),
    index("sights_age").on(table.checkedAt),
    foreignKey({ columns: [table.organizationId, table.connectionId], foreignColumns: [pluginConnections.organizationId, pluginConnections.id] }).onDelete("cascade"),
    tenantPolicy("sights"),
  ],
);
