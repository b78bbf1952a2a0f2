CREATE TABLE "mail_opt_outs" (
	"organization_id" text NOT NULL,
	"address" text NOT NULL,
	"category" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mail_opt_outs_organization_id_address_category_pk" PRIMARY KEY("organization_id","address","category")
);
--> statement-breakpoint
ALTER TABLE "mail_opt_outs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "mail_reports" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"handled_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "mail_reports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "mail_stops" (
	"address" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"detail" text NOT NULL,
	"stopped_at" timestamp with time zone NOT NULL,
	"lifted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "mail_stops" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "notification_templates" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"category" text NOT NULL,
	"variables" jsonb NOT NULL,
	"content" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_by" text NOT NULL,
	"archived_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "notification_templates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "devices" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"member_id" text NOT NULL,
	"user_id" text NOT NULL,
	"workspace_id" text,
	"kind" text NOT NULL,
	"endpoint" text NOT NULL,
	"p256dh" text,
	"auth" text,
	"name" text NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"end_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "devices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "notification_preferences" (
	"organization_id" text NOT NULL,
	"member_id" text,
	"workspace_id" text,
	"category" text NOT NULL,
	"channel" text NOT NULL,
	"value" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notification_preferences_cell" UNIQUE NULLS NOT DISTINCT("organization_id","member_id","workspace_id","category","channel")
);
--> statement-breakpoint
ALTER TABLE "notification_preferences" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "notification_schedules" (
	"organization_id" text NOT NULL,
	"member_id" text NOT NULL,
	"muted" boolean DEFAULT false NOT NULL,
	"muted_until" timestamp with time zone,
	"quiet_hours" jsonb,
	"digest_time" text DEFAULT '08:00' NOT NULL,
	"digest_weekday" smallint DEFAULT 1 NOT NULL,
	"push_details" boolean DEFAULT true NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notification_schedules_organization_id_member_id_pk" PRIMARY KEY("organization_id","member_id")
);
--> statement-breakpoint
ALTER TABLE "notification_schedules" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "thread_mutes" (
	"organization_id" text NOT NULL,
	"recipient" text NOT NULL,
	"thread" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "thread_mutes_organization_id_thread_recipient_pk" PRIMARY KEY("organization_id","thread","recipient")
);
--> statement-breakpoint
ALTER TABLE "thread_mutes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "publications" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"template_id" text NOT NULL,
	"template_version" integer NOT NULL,
	"category" text NOT NULL,
	"content" jsonb NOT NULL,
	"variables" jsonb NOT NULL,
	"audience" jsonb NOT NULL,
	"channels" jsonb NOT NULL,
	"state" text DEFAULT 'scheduled' NOT NULL,
	"send_at" timestamp with time zone NOT NULL,
	"requested_by" text NOT NULL,
	"started_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "publications_tenant_key" UNIQUE("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "publications" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "deliveries_merge";--> statement-breakpoint
DROP INDEX "receivers_inbox";--> statement-breakpoint
DROP INDEX "receivers_unread";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "device_id" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "hold" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "cause" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "call_key" text;--> statement-breakpoint
-- Row level security is forced: without a scope the rows to be filled would not be seen.
SELECT set_config('app.scope', 'system', true);--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "thread" text;--> statement-breakpoint
UPDATE "notifications" SET "thread" = "subject_id";--> statement-breakpoint
ALTER TABLE "notifications" ALTER COLUMN "thread" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "workspace_id" text;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "category" text;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "thread" text;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "head" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "shown" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "snoozed_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "position" text;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "decisions" jsonb;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "written_in" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
UPDATE "receivers" SET "category" = n."category", "thread" = n."thread", "position" = "receivers"."id",
  "decisions" = '{"inbox":{"verdict":"now","source":"default"},"email":{"verdict":"now","source":"default"},"push":{"verdict":"skip","source":"default","why":"not-offered"}}'::jsonb
FROM "notifications" n WHERE n."id" = "receivers"."notification_id";--> statement-breakpoint
UPDATE "receivers" r SET "head" = false WHERE EXISTS (SELECT 1 FROM "receivers" newer WHERE newer."member_id" = r."member_id" AND newer."thread" = r."thread" AND newer."id" > r."id");--> statement-breakpoint
ALTER TABLE "receivers" ALTER COLUMN "category" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "receivers" ALTER COLUMN "thread" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "receivers" ALTER COLUMN "position" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "receivers" ALTER COLUMN "decisions" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "mail_opt_outs" ADD CONSTRAINT "mail_opt_outs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_templates" ADD CONSTRAINT "notification_templates_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_organization_id_member_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","member_id") REFERENCES "public"."members"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_organization_id_workspace_id_workspaces_organization_id_id_fk" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "public"."workspaces"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_organization_id_member_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","member_id") REFERENCES "public"."members"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_organization_id_workspace_id_workspaces_organization_id_id_fk" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "public"."workspaces"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_schedules" ADD CONSTRAINT "notification_schedules_organization_id_member_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","member_id") REFERENCES "public"."members"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "thread_mutes" ADD CONSTRAINT "thread_mutes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publications" ADD CONSTRAINT "publications_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mail_reports_waiting" ON "mail_reports" USING btree ("received_at") WHERE handled_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "notification_templates_key" ON "notification_templates" USING btree ("organization_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "devices_endpoint_key" ON "devices" USING btree ("endpoint") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "devices_member" ON "devices" USING btree ("member_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "devices_user" ON "devices" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "notification_preferences_member" ON "notification_preferences" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "publications_scheduled" ON "publications" USING btree ("send_at") WHERE state = 'scheduled';--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_organization_id_workspace_id_workspaces_organization_id_id_fk" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "public"."workspaces"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_held" ON "deliveries" USING btree ("deliver_after") WHERE state = 'held';--> statement-breakpoint
CREATE INDEX "deliveries_held_for" ON "deliveries" USING btree ("member_id") WHERE state = 'held';--> statement-breakpoint
CREATE INDEX "deliveries_folded" ON "deliveries" USING btree ("reason") WHERE state = 'merged';--> statement-breakpoint
CREATE INDEX "deliveries_dead" ON "deliveries" USING btree ("organization_id","id") WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "deliveries_member" ON "deliveries" USING btree ("member_id","id");--> statement-breakpoint
CREATE INDEX "notifications_thread" ON "notifications" USING btree ("organization_id","thread");--> statement-breakpoint
CREATE UNIQUE INDEX "receivers_head" ON "receivers" USING btree ("member_id","thread") WHERE head;--> statement-breakpoint
CREATE INDEX "receivers_earlier" ON "receivers" USING btree ("member_id","thread") WHERE not head;--> statement-breakpoint
CREATE INDEX "receivers_snoozed" ON "receivers" USING btree ("snoozed_until") WHERE snoozed_until is not null;--> statement-breakpoint
CREATE INDEX "deliveries_merge" ON "deliveries" USING btree ("merge_key") WHERE state in ('pending', 'held', 'sending') and merge_key is not null;--> statement-breakpoint
CREATE INDEX "receivers_inbox" ON "receivers" USING btree ("member_id","position") WHERE head and shown and snoozed_until is null;--> statement-breakpoint
CREATE INDEX "receivers_unread" ON "receivers" USING btree ("member_id","position") WHERE head and shown and snoozed_until is null and read_at is null;--> statement-breakpoint
CREATE POLICY "mail_opt_outs_tenant" ON "mail_opt_outs" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "mail_reports_system" ON "mail_reports" AS PERMISSIVE FOR ALL TO public USING ((select current_setting('app.scope', true)) = 'system') WITH CHECK ((select current_setting('app.scope', true)) = 'system');--> statement-breakpoint
CREATE POLICY "mail_stops_system" ON "mail_stops" AS PERMISSIVE FOR ALL TO public USING ((select current_setting('app.scope', true)) = 'system') WITH CHECK ((select current_setting('app.scope', true)) = 'system');--> statement-breakpoint
CREATE POLICY "notification_templates_tenant" ON "notification_templates" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "devices_own" ON "devices" AS PERMISSIVE FOR ALL TO public USING (((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system') or user_id = (select current_setting('app.user_id', true)))) WITH CHECK (((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system') or user_id = (select current_setting('app.user_id', true))));--> statement-breakpoint
CREATE POLICY "notification_preferences_tenant" ON "notification_preferences" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "notification_schedules_tenant" ON "notification_schedules" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "thread_mutes_tenant" ON "thread_mutes" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "publications_tenant" ON "publications" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));