CREATE TABLE "open_projects" (
	"organization_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"project_id" text NOT NULL,
	"project_key" text NOT NULL,
	"workspace_id" text NOT NULL,
	"opened_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "open_projects_connection_id_project_id_workspace_id_pk" PRIMARY KEY("connection_id","project_id","workspace_id")
);
--> statement-breakpoint
ALTER TABLE "open_projects" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "plugin_connections" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"plugin" text NOT NULL,
	"external_id" text,
	"name" text NOT NULL,
	"metadata" jsonb NOT NULL,
	"credential_id" text,
	"hook_kind" text DEFAULT 'manual' NOT NULL,
	"allows_unsigned" boolean DEFAULT false NOT NULL,
	"verified_at" timestamp with time zone,
	"last_received_at" timestamp with time zone,
	"seen_until" timestamp with time zone,
	"gap_since" timestamp with time zone,
	"reconciled_at" timestamp with time zone,
	"paused_at" timestamp with time zone,
	"disconnected_at" timestamp with time zone,
	"connected_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plugin_connections_tenant_key" UNIQUE("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "plugin_connections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "oauth_credentials" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"plugin" text NOT NULL,
	"account_id" text NOT NULL,
	"account_name" text NOT NULL,
	"member_id" text NOT NULL,
	"access_token" text NOT NULL,
	"refresh_token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"scopes" text[] NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"refreshed_at" timestamp with time zone NOT NULL,
	"retry_after" timestamp with time zone,
	"last_error" text,
	"broken_at" timestamp with time zone,
	"broken_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "oauth_credentials_tenant_key" UNIQUE("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "oauth_credentials" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "site_budgets" (
	"site_id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"tokens" double precision NOT NULL,
	"refilled_at" timestamp with time zone NOT NULL,
	"blocked_until" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "site_budgets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "oauth_states" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"plugin" text NOT NULL,
	"member_id" text NOT NULL,
	"session_hash" text NOT NULL,
	"purpose" text NOT NULL,
	"connection_id" text,
	"return_to" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "oauth_states" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hook_registrations" (
	"organization_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"external_id" text NOT NULL,
	"events" jsonb NOT NULL,
	"filter" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"renewed_at" timestamp with time zone,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hook_registrations_connection_id_external_id_pk" PRIMARY KEY("connection_id","external_id")
);
--> statement-breakpoint
ALTER TABLE "hook_registrations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"secret" text NOT NULL,
	"valid_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "webhook_secrets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inbound_webhooks" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"proof" text NOT NULL,
	"headers" jsonb NOT NULL,
	"body" "bytea" NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'received' NOT NULL,
	"reason" text,
	"event" text,
	"facts" jsonb,
	"change_key" text,
	"entity" text,
	"label" text,
	"occurred_at" timestamp with time zone,
	"position" bigint,
	"dispatched_at" timestamp with time zone,
	"told_at" timestamp with time zone,
	"replays" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbound_webhooks_tenant_key" UNIQUE("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "inbound_webhooks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_matches" (
	"organization_id" text NOT NULL,
	"webhook_id" text NOT NULL,
	"subscription_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "webhook_matches" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "jira_issues" (
	"organization_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"issue_id" text NOT NULL,
	"key" text NOT NULL,
	"project_id" text NOT NULL,
	"facts" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "jira_issues_connection_id_issue_id_pk" PRIMARY KEY("connection_id","issue_id")
);
--> statement-breakpoint
ALTER TABLE "jira_issues" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "endpoint_secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"secret" text NOT NULL,
	"valid_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "endpoint_secrets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "endpoint_sequences" (
	"organization_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"entity" text NOT NULL,
	"last" bigint NOT NULL,
	CONSTRAINT "endpoint_sequences_endpoint_id_entity_pk" PRIMARY KEY("endpoint_id","entity")
);
--> statement-breakpoint
ALTER TABLE "endpoint_sequences" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"pause_after_hours" integer DEFAULT 120 NOT NULL,
	"failing_since" timestamp with time zone,
	"paused_at" timestamp with time zone,
	"pause_reason" text,
	"deleted_at" timestamp with time zone,
	"owner_id" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "endpoints_tenant_key" UNIQUE("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "endpoints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "outgoing_attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"number" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	"succeeded" boolean NOT NULL,
	"request_headers" jsonb NOT NULL,
	"status_code" integer,
	"response_headers" jsonb,
	"response_body" text,
	"fault" text
);
--> statement-breakpoint
ALTER TABLE "outgoing_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "outgoing_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"event_id" text NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"event" text NOT NULL,
	"subscription_ids" text[] DEFAULT '{}' NOT NULL,
	"entity" text NOT NULL,
	"sequence" bigint NOT NULL,
	"body" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"reason" text,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"claimed_until" timestamp with time zone,
	"test" boolean DEFAULT false NOT NULL,
	"settled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outgoing_deliveries_tenant_key" UNIQUE("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "outgoing_deliveries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "plugin_people" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"plugin" text NOT NULL,
	"member_id" text NOT NULL,
	"account_id" text NOT NULL,
	"account_name" text NOT NULL,
	"credential_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "plugin_people" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sights" (
	"organization_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"entity" text NOT NULL,
	"account_id" text NOT NULL,
	"visible" boolean NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sights_connection_id_entity_account_id_pk" PRIMARY KEY("connection_id","entity","account_id")
);
--> statement-breakpoint
ALTER TABLE "sights" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"connection_id" text,
	"events" text[] NOT NULL,
	"filter" jsonb NOT NULL,
	"target" text NOT NULL,
	"member_ids" text[] DEFAULT '{}' NOT NULL,
	"workspace_id" text,
	"endpoint_id" text,
	"paused_at" timestamp with time zone,
	"owner_id" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriptions_tenant_key" UNIQUE("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "subscriptions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "meeting_issues" (
	"organization_id" text NOT NULL,
	"meeting_id" text NOT NULL,
	"issue_key" text NOT NULL,
	"added_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "meeting_issues_meeting_id_issue_key_pk" PRIMARY KEY("meeting_id","issue_key")
);
--> statement-breakpoint
ALTER TABLE "meeting_issues" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "open_projects" ADD CONSTRAINT "open_projects_organization_id_connection_id_plugin_connections_organization_id_id_fk" FOREIGN KEY ("organization_id","connection_id") REFERENCES "public"."plugin_connections"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "open_projects" ADD CONSTRAINT "open_projects_organization_id_workspace_id_workspaces_organization_id_id_fk" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "public"."workspaces"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "open_projects" ADD CONSTRAINT "open_projects_organization_id_opened_by_members_organization_id_id_fk" FOREIGN KEY ("organization_id","opened_by") REFERENCES "public"."members"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plugin_connections" ADD CONSTRAINT "plugin_connections_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plugin_connections" ADD CONSTRAINT "plugin_connections_organization_id_credential_id_oauth_credentials_organization_id_id_fk" FOREIGN KEY ("organization_id","credential_id") REFERENCES "public"."oauth_credentials"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plugin_connections" ADD CONSTRAINT "plugin_connections_organization_id_connected_by_members_organization_id_id_fk" FOREIGN KEY ("organization_id","connected_by") REFERENCES "public"."members"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_credentials" ADD CONSTRAINT "oauth_credentials_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_credentials" ADD CONSTRAINT "oauth_credentials_organization_id_member_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","member_id") REFERENCES "public"."members"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "site_budgets" ADD CONSTRAINT "site_budgets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_states" ADD CONSTRAINT "oauth_states_organization_id_member_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","member_id") REFERENCES "public"."members"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hook_registrations" ADD CONSTRAINT "hook_registrations_organization_id_connection_id_plugin_connections_organization_id_id_fk" FOREIGN KEY ("organization_id","connection_id") REFERENCES "public"."plugin_connections"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_organization_id_connection_id_plugin_connections_organization_id_id_fk" FOREIGN KEY ("organization_id","connection_id") REFERENCES "public"."plugin_connections"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_webhooks" ADD CONSTRAINT "inbound_webhooks_organization_id_connection_id_plugin_connections_organization_id_id_fk" FOREIGN KEY ("organization_id","connection_id") REFERENCES "public"."plugin_connections"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_matches" ADD CONSTRAINT "webhook_matches_organization_id_webhook_id_inbound_webhooks_organization_id_id_fk" FOREIGN KEY ("organization_id","webhook_id") REFERENCES "public"."inbound_webhooks"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jira_issues" ADD CONSTRAINT "jira_issues_organization_id_connection_id_plugin_connections_organization_id_id_fk" FOREIGN KEY ("organization_id","connection_id") REFERENCES "public"."plugin_connections"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoint_secrets" ADD CONSTRAINT "endpoint_secrets_organization_id_endpoint_id_endpoints_organization_id_id_fk" FOREIGN KEY ("organization_id","endpoint_id") REFERENCES "public"."endpoints"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoint_sequences" ADD CONSTRAINT "endpoint_sequences_organization_id_endpoint_id_endpoints_organization_id_id_fk" FOREIGN KEY ("organization_id","endpoint_id") REFERENCES "public"."endpoints"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_organization_id_owner_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","owner_id") REFERENCES "public"."members"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outgoing_attempts" ADD CONSTRAINT "outgoing_attempts_organization_id_delivery_id_outgoing_deliveries_organization_id_id_fk" FOREIGN KEY ("organization_id","delivery_id") REFERENCES "public"."outgoing_deliveries"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outgoing_deliveries" ADD CONSTRAINT "outgoing_deliveries_organization_id_endpoint_id_endpoints_organization_id_id_fk" FOREIGN KEY ("organization_id","endpoint_id") REFERENCES "public"."endpoints"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plugin_people" ADD CONSTRAINT "plugin_people_organization_id_member_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","member_id") REFERENCES "public"."members"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plugin_people" ADD CONSTRAINT "plugin_people_organization_id_credential_id_oauth_credentials_organization_id_id_fk" FOREIGN KEY ("organization_id","credential_id") REFERENCES "public"."oauth_credentials"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sights" ADD CONSTRAINT "sights_organization_id_connection_id_plugin_connections_organization_id_id_fk" FOREIGN KEY ("organization_id","connection_id") REFERENCES "public"."plugin_connections"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_connection_id_plugin_connections_organization_id_id_fk" FOREIGN KEY ("organization_id","connection_id") REFERENCES "public"."plugin_connections"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_workspace_id_workspaces_organization_id_id_fk" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "public"."workspaces"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_endpoint_id_endpoints_organization_id_id_fk" FOREIGN KEY ("organization_id","endpoint_id") REFERENCES "public"."endpoints"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_owner_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","owner_id") REFERENCES "public"."members"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_issues" ADD CONSTRAINT "meeting_issues_organization_id_meeting_id_meetings_organization_id_id_fk" FOREIGN KEY ("organization_id","meeting_id") REFERENCES "public"."meetings"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_issues" ADD CONSTRAINT "meeting_issues_organization_id_added_by_members_organization_id_id_fk" FOREIGN KEY ("organization_id","added_by") REFERENCES "public"."members"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "plugin_connections_place" ON "plugin_connections" USING btree ("plugin","external_id") WHERE disconnected_at is null and external_id is not null;--> statement-breakpoint
CREATE INDEX "plugin_connections_credential" ON "plugin_connections" USING btree ("credential_id");--> statement-breakpoint
CREATE UNIQUE INDEX "oauth_credentials_account" ON "oauth_credentials" USING btree ("organization_id","plugin","account_id");--> statement-breakpoint
CREATE INDEX "oauth_credentials_idle" ON "oauth_credentials" USING btree ("refreshed_at");--> statement-breakpoint
CREATE INDEX "oauth_states_expiry" ON "oauth_states" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "hook_registrations_expiry" ON "hook_registrations" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_secrets_current" ON "webhook_secrets" USING btree ("connection_id") WHERE valid_until is null;--> statement-breakpoint
CREATE INDEX "webhook_secrets_connection" ON "webhook_secrets" USING btree ("connection_id");--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_webhooks_once" ON "inbound_webhooks" USING btree ("connection_id","dedupe_key");--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_webhooks_change" ON "inbound_webhooks" USING btree ("connection_id","change_key") WHERE state = 'read' and change_key is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_webhooks_position" ON "inbound_webhooks" USING btree ("connection_id","position") WHERE position is not null;--> statement-breakpoint
CREATE INDEX "inbound_webhooks_log" ON "inbound_webhooks" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "inbound_webhooks_entity" ON "inbound_webhooks" USING btree ("connection_id","entity","id") WHERE entity is not null;--> statement-breakpoint
CREATE INDEX "inbound_webhooks_unread" ON "inbound_webhooks" USING btree ("connection_id","id") WHERE state = 'received';--> statement-breakpoint
CREATE INDEX "inbound_webhooks_undispatched" ON "inbound_webhooks" USING btree ("connection_id","position") WHERE state = 'read' and dispatched_at is null;--> statement-breakpoint
CREATE INDEX "inbound_webhooks_untold" ON "inbound_webhooks" USING btree ("connection_id","position") WHERE state = 'read' and told_at is null;--> statement-breakpoint
CREATE INDEX "inbound_webhooks_age" ON "inbound_webhooks" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_matches_once" ON "webhook_matches" USING btree ("webhook_id","subscription_id");--> statement-breakpoint
CREATE INDEX "webhook_matches_subscription" ON "webhook_matches" USING btree ("subscription_id","webhook_id");--> statement-breakpoint
CREATE INDEX "jira_issues_key" ON "jira_issues" USING btree ("organization_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "endpoint_secrets_current" ON "endpoint_secrets" USING btree ("endpoint_id") WHERE valid_until is null;--> statement-breakpoint
CREATE UNIQUE INDEX "outgoing_attempts_once" ON "outgoing_attempts" USING btree ("delivery_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "outgoing_deliveries_once" ON "outgoing_deliveries" USING btree ("endpoint_id","event_id","generation");--> statement-breakpoint
CREATE UNIQUE INDEX "outgoing_deliveries_sequence" ON "outgoing_deliveries" USING btree ("endpoint_id","entity","sequence");--> statement-breakpoint
CREATE INDEX "outgoing_deliveries_due" ON "outgoing_deliveries" USING btree ("next_attempt_at") WHERE state in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX "outgoing_deliveries_order" ON "outgoing_deliveries" USING btree ("endpoint_id","entity","sequence") WHERE state in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX "outgoing_deliveries_log" ON "outgoing_deliveries" USING btree ("endpoint_id","id");--> statement-breakpoint
CREATE INDEX "outgoing_deliveries_event" ON "outgoing_deliveries" USING btree ("event_id");--> statement-breakpoint
CREATE UNIQUE INDEX "plugin_people_member" ON "plugin_people" USING btree ("organization_id","plugin","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "plugin_people_account" ON "plugin_people" USING btree ("organization_id","plugin","account_id");--> statement-breakpoint
CREATE INDEX "sights_age" ON "sights" USING btree ("checked_at");--> statement-breakpoint
CREATE INDEX "subscriptions_connection" ON "subscriptions" USING btree ("connection_id") WHERE paused_at is null;--> statement-breakpoint
CREATE INDEX "subscriptions_product" ON "subscriptions" USING btree ("organization_id") WHERE connection_id is null;--> statement-breakpoint
CREATE INDEX "subscriptions_endpoint" ON "subscriptions" USING btree ("endpoint_id");--> statement-breakpoint
CREATE INDEX "subscriptions_owner" ON "subscriptions" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "meeting_issues_key" ON "meeting_issues" USING btree ("organization_id","issue_key");--> statement-breakpoint
CREATE POLICY "open_projects_tenant" ON "open_projects" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "plugin_connections_tenant" ON "plugin_connections" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "oauth_credentials_tenant" ON "oauth_credentials" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "site_budgets_tenant" ON "site_budgets" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "oauth_states_tenant" ON "oauth_states" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "hook_registrations_tenant" ON "hook_registrations" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "webhook_secrets_tenant" ON "webhook_secrets" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "inbound_webhooks_tenant" ON "inbound_webhooks" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "webhook_matches_tenant" ON "webhook_matches" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "jira_issues_tenant" ON "jira_issues" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "endpoint_secrets_tenant" ON "endpoint_secrets" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "endpoint_sequences_tenant" ON "endpoint_sequences" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "endpoints_tenant" ON "endpoints" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "outgoing_attempts_tenant" ON "outgoing_attempts" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "outgoing_deliveries_tenant" ON "outgoing_deliveries" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "plugin_people_tenant" ON "plugin_people" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "sights_tenant" ON "sights" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "subscriptions_tenant" ON "subscriptions" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "meeting_issues_tenant" ON "meeting_issues" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));