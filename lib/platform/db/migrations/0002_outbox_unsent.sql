DROP INDEX "outbox_unsent";--> statement-breakpoint
CREATE INDEX "outbox_unsent" ON "outbox_events" USING btree ("id") WHERE sent_at is null;