ALTER TABLE "mail_reports" ADD COLUMN "delivery_id" text;--> statement-breakpoint
CREATE INDEX "mail_reports_delivery" ON "mail_reports" USING btree ("delivery_id") WHERE delivery_id is not null;--> statement-breakpoint
CREATE INDEX "mail_reports_age" ON "mail_reports" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "attempts_recent" ON "attempts" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_guest" ON "deliveries" USING btree ("organization_id","recipient","id") WHERE member_id is null;