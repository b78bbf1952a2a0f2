ALTER TABLE "plugin_connections" ADD COLUMN "refused_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "plugin_connections" ADD COLUMN "refused_reason" text;--> statement-breakpoint
ALTER TABLE "hook_registrations" ADD COLUMN "alerted_at" timestamp with time zone;