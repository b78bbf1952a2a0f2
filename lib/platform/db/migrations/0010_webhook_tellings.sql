CREATE TABLE "webhook_tellings" (
	"organization_id" text NOT NULL,
	"webhook_id" text NOT NULL,
	"member_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_tellings_webhook_id_member_id_pk" PRIMARY KEY("webhook_id","member_id")
);
--> statement-breakpoint
ALTER TABLE "webhook_tellings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "webhook_tellings" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "webhook_tellings" ADD CONSTRAINT "webhook_tellings_organization_id_webhook_id_inbound_webhooks_organization_id_id_fk" FOREIGN KEY ("organization_id","webhook_id") REFERENCES "public"."inbound_webhooks"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_tellings" ADD CONSTRAINT "webhook_tellings_organization_id_member_id_members_organization_id_id_fk" FOREIGN KEY ("organization_id","member_id") REFERENCES "public"."members"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_tellings_member" ON "webhook_tellings" USING btree ("member_id");--> statement-breakpoint
CREATE POLICY "webhook_tellings_tenant" ON "webhook_tellings" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));