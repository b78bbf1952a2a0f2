import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { migrate } from "./migrate";

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

const templateLock = 6648;

/** A freshly migrated database of its own for one test file; they may run side by side. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error("TEST_DATABASE_URL is not set: database tests belong in a *.db.test.ts file");
  const name = `moim_test_${randomBytes(8).toString("hex")}`;
  await asAdministrator(server, async (sql) => {
    // Held until the copy is made, so that nobody drops or rebuilds the template in between.
    await sql`select pg_advisory_lock(${templateLock})`;
    const template = await ensureTemplate(sql, server);
    await sql`create database ${sql(name)} template ${sql(template)}`;
  });
  return {
    url: withDatabase(server, name),
    drop: () =>
      asAdministrator(server, async (sql) => {
        await sql`drop database if exists ${sql(name)} with (force)`;
      }),
  };
}

/** Migrates once for all test files: the name carries a hash of the migrations, so a new one makes a new template. */
async function ensureTemplate(sql: postgres.Sql, server: string): Promise<string> {
  const template = `moim_template_${await hashOfMigrations()}`;
  const [found] = await sql`select 1 from pg_database where datname = ${template}`;
  if (found) return template;
  // Built under another name: a template that exists is a template that is whole.
  const draft = `moim_test_draft_${randomBytes(8).toString("hex")}`;
  await sql`create database ${sql(draft)}`;
  try {
    await migrate(withDatabase(server, draft));
    await sql`alter database ${sql(draft)} rename to ${sql(template)}`;
  } catch (error) {
    await sql`drop database if exists ${sql(draft)} with (force)`;
    throw error;
  }
  return template;
}

async function hashOfMigrations(): Promise<string> {
  const hash = createHash("sha256");
  const folder = fileURLToPath(new URL("./migrations", import.meta.url));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  for (const file of [fileURLToPath(new URL("./migrate.ts", import.meta.url)), ...files.sort()]) {
    hash.update(file).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 12);
}

async function asAdministrator(server: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(server, { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
