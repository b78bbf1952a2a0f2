import { sql, type SQL } from "drizzle-orm";
import { customType, foreignKey, index, pgPolicy, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { tenantPolicy, tenantRows } from "@/lib/platform/db/columns";
import { organizations } from "@/lib/organizations/tables";
import { articles } from "../articles/tables";
import { comments } from "../comments/tables";

const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

/** What can be found: a row for each article that was published and for each comment. What holds its words goes with it. */
export const searchEntries = pgTable(
  "search_entries",
  {
    /** The article's or the comment's. */
    id: text("id").primaryKey(),
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    commentId: text("comment_id"),
    /** What an article says, for the lines that are shown; a comment keeps its own words. */
    text: text("text"),
  },
  (table) => [
    index("search_entries_article").on(table.articleId),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({
      name: "search_entries_comment_fk",
      columns: [table.organizationId, table.articleId, table.commentId],
      foreignColumns: [comments.organizationId, comments.articleId, comments.id],
    }).onDelete("cascade"),
    unique("search_entries_tenant_key").on(table.organizationId, table.id),
    tenantPolicy("search_entries"),
  ],
);

/**
 * Row level security looks at its own conditions first, and no operator of full text or trigrams may be looked at before them: asked in a
 * query, such an operator is tried on every row of the organization. Asked by the policy itself, it finds its index. So these tables
 * show what the transaction has asked for in a setting, and nothing to who has asked for nothing.
 */
const found = (matches: SQL) => sql`(organization_id = (select current_setting('app.organization_id', true)) and ${matches})`;

/** The words of an entry as `rules.ts` makes them. Written once; a change replaces the entry. */
export const searchWords = pgTable(
  "search_words",
  {
    entryId: text("entry_id").primaryKey(),
    organizationId: text("organization_id").notNull(),
    /** Those of its title alone, short enough to be looked at in every row that is found. */
    title: tsvector("title").notNull(),
    words: tsvector("words").notNull(),
  },
  (table) => [
    index("search_words_found").using("gin", table.organizationId, table.words),
    foreignKey({ columns: [table.organizationId, table.entryId], foreignColumns: [searchEntries.organizationId, searchEntries.id] }).onDelete("cascade"),
    pgPolicy("search_words_found", { for: "select", to: "public", using: found(sql`words @@ (select nullif(current_setting('app.search', true), '')::tsquery)`) }),
    pgPolicy("search_words_written", { for: "insert", to: "public", withCheck: tenantRows }),
  ],
);

/**
 * The words that an organization has used, each once, for who mistypes one. `letters` spells them in a to z, whatever their script: so
 * trigrams of them do not depend on the locale of the database, and a Korean syllable with one wrong letter is nearly the right one.
 */
export const searchVocabulary = pgTable(
  "search_vocabulary",
  {
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    word: text("word").notNull(),
    letters: text("letters").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.word] }),
    index("search_vocabulary_found").using("gin", table.organizationId, table.letters.op("gin_trgm_ops")),
    pgPolicy("search_vocabulary_found", { for: "select", to: "public", using: found(sql`letters % (select nullif(current_setting('app.search_word', true), ''))`) }),
    pgPolicy("search_vocabulary_written", { for: "insert", to: "public", withCheck: tenantRows }),
  ],
);
