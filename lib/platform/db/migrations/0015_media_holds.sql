ALTER TABLE "media" ADD COLUMN "source_key" text;--> statement-breakpoint
ALTER TABLE "media" ADD COLUMN "unheld_since" timestamp with time zone DEFAULT now();--> statement-breakpoint
CREATE INDEX "media_unheld" ON "media" USING btree ("unheld_since") WHERE unheld_since is not null;