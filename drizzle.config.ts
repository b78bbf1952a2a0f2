import { defineConfig } from "drizzle-kit";

/** `npm run db:generate` writes the next migration from the tables; `lib/platform/db/migrate.ts` applies them at start. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./lib/**/tables.ts",
  out: "./lib/platform/db/migrations",
});
