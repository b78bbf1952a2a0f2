// @ts-check
import postgres from "postgres";

/**
 * Whether the application has stored nothing yet. Asked of every table, so that no table's name is known here.
 * @param {string} url of a role that row level security does not blind, if there is one
 */
export async function isEmpty(url) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const tables = await sql`select tablename from pg_tables where schemaname = 'public'`;
    for (const { tablename } of tables) {
      const rows = await sql`select 1 from public.${sql(tablename)} limit 1`;
      if (rows.length > 0) return false;
    }
    return true;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/**
 * Empties a database in which filling was broken off.
 * @param {string} adminUrl
 */
export async function recreateDatabase(adminUrl) {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`drop database if exists moim with (force)`;
    await sql`create database moim owner moim`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
