import { sql } from "drizzle-orm";
import { index, integer, pgPolicy, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, inSystemScope, instant } from "../db/columns";

/** A person, across organizations. Not a tenant row: what a person is inside an organization is `members`. */
export const users = pgTable(
  "users",
  {
    id: id("user"),
    /** Lower-cased by the commands; the unique key is what makes two sign-ups one person. */
    email: text("email").notNull(),
    name: text("name"),
    image: text("image"),
    emailVerified: instant("email_verified"),
    locale: text("locale").notNull().default("en"),
    timeZone: text("time_zone").notNull().default("UTC"),
    hourCycle: text("hour_cycle", { enum: ["auto", "h12", "h23"] }).notNull().default("auto"),
    weekStart: text("week_start", { enum: ["auto", "monday", "sunday", "saturday"] }).notNull().default("auto"),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("users_email_key").on(table.email)],
);

export const accounts = pgTable(
  "accounts",
  {
    id: id("account"),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    provider: text("provider").notNull(),
    providerAccountId: text("provider_account_id").notNull(),
    type: text("type").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("accounts_provider_key").on(table.provider, table.providerAccountId),
    index("accounts_user").on(table.userId),
  ],
);

const ownRows = sql`(user_id = (select current_setting('app.user_id', true)) or ${inSystemScope})`;

/** Database sessions, so that a person can see and revoke them. Only the hash of the cookie's token is stored. */
export const sessions = pgTable(
  "sessions",
  {
    id: id("session"),
    tokenHash: text("token_hash").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: instant("expires_at").notNull(),
    userAgent: text("user_agent"),
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("sessions_token_key").on(table.tokenHash),
    index("sessions_user").on(table.userId),
    pgPolicy("sessions_own", { for: "all", to: "public", using: ownRows, withCheck: ownRows }),
  ],
);

/** One-time tokens of e-mail sign-in; next-auth hands over the token already hashed. */
export const verificationTokens = pgTable(
  "verification_tokens",
  {
    identifier: text("identifier").notNull(),
    token: text("token").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.identifier, table.token] })],
);

/** Fixed-window counters; a row is one key in one window, so a limit holds across processes. */
export const rateLimits = pgTable(
  "rate_limits",
  {
    key: text("key").notNull(),
    windowStart: instant("window_start").notNull(),
    hits: integer("hits").notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.key, table.windowStart] }), index("rate_limits_window").on(table.windowStart)],
);
