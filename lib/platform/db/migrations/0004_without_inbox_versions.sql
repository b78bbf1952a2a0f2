DROP POLICY "inbox_versions_tenant" ON "inbox_versions" CASCADE;--> statement-breakpoint
DROP TABLE "inbox_versions" CASCADE;