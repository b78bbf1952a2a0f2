DROP INDEX "receivers_earlier";--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "snoozed_for" text;--> statement-breakpoint
CREATE INDEX "receivers_kept_out" ON "receivers" USING btree ("member_id","id") WHERE not shown;--> statement-breakpoint
CREATE INDEX "receivers_snoozed_of" ON "receivers" USING btree ("member_id","snoozed_until") WHERE snoozed_until is not null;--> statement-breakpoint
CREATE INDEX "receivers_earlier" ON "receivers" USING btree ("member_id","thread","id") WHERE not head;