-- Both come with PostgreSQL and are trusted: the owner of a database may add them. btree_gin lets one index hold an organization beside
-- its words, pg_trgm finds what is spelled nearly the same.
CREATE EXTENSION IF NOT EXISTS btree_gin;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE TABLE "search_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"article_id" text NOT NULL,
	"comment_id" text,
	"text" text,
	CONSTRAINT "search_entries_tenant_key" UNIQUE("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "search_entries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "search_vocabulary" (
	"organization_id" text NOT NULL,
	"word" text NOT NULL,
	"letters" text NOT NULL,
	CONSTRAINT "search_vocabulary_organization_id_word_pk" PRIMARY KEY("organization_id","word")
);
--> statement-breakpoint
ALTER TABLE "search_vocabulary" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "search_words" (
	"entry_id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"title" "tsvector" NOT NULL,
	"words" "tsvector" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "search_words" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "search_entries" ADD CONSTRAINT "search_entries_organization_id_article_id_articles_organization_id_id_fk" FOREIGN KEY ("organization_id","article_id") REFERENCES "public"."articles"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "search_entries" ADD CONSTRAINT "search_entries_comment_fk" FOREIGN KEY ("organization_id","article_id","comment_id") REFERENCES "public"."comments"("organization_id","article_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "search_vocabulary" ADD CONSTRAINT "search_vocabulary_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "search_words" ADD CONSTRAINT "search_words_organization_id_entry_id_search_entries_organization_id_id_fk" FOREIGN KEY ("organization_id","entry_id") REFERENCES "public"."search_entries"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "search_entries_article" ON "search_entries" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "search_vocabulary_found" ON "search_vocabulary" USING gin ("organization_id","letters" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "search_words_found" ON "search_words" USING gin ("organization_id","words");--> statement-breakpoint
CREATE POLICY "search_entries_tenant" ON "search_entries" AS PERMISSIVE FOR ALL TO public USING ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system')) WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "search_vocabulary_found" ON "search_vocabulary" AS PERMISSIVE FOR SELECT TO public USING ((organization_id = (select current_setting('app.organization_id', true)) and letters % (select nullif(current_setting('app.search_word', true), ''))));--> statement-breakpoint
CREATE POLICY "search_vocabulary_written" ON "search_vocabulary" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));--> statement-breakpoint
CREATE POLICY "search_words_found" ON "search_words" AS PERMISSIVE FOR SELECT TO public USING ((organization_id = (select current_setting('app.organization_id', true)) and words @@ (select nullif(current_setting('app.search', true), '')::tsquery)));--> statement-breakpoint
CREATE POLICY "search_words_written" ON "search_words" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((organization_id = (select current_setting('app.organization_id', true)) or (select current_setting('app.scope', true)) = 'system'));