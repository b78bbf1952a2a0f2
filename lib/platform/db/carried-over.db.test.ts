import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { expect, test } from "vitest";
import { newId } from "../ids";
import { migrate } from "./migrate";

const folder = fileURLToPath(new URL("./migrations", import.meta.url));

/** A database as an earlier version left it: the first `count` migrations. */
async function databaseAt(count: number): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = new URL(process.env.TEST_DATABASE_URL ?? "");
  const name = newId("request").toLowerCase().replace("req_", "moim_test_");
  const administrator = postgres(server.href, { max: 1, onnotice: () => undefined });
  await administrator`create database ${administrator(name)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const earlier = await mkdtemp(join(tmpdir(), "moim-migrations-"));
  await cp(folder, earlier, { recursive: true });
  const journalFile = join(earlier, "meta/_journal.json");
  const journal = JSON.parse(await readFile(journalFile, "utf8")) as { entries: unknown[] };
  await writeFile(journalFile, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  const client = postgres(url.href, { max: 1, onnotice: () => undefined });
  await applyMigrations(drizzle(client), { migrationsFolder: earlier });
  await client.end();
  await rm(earlier, { recursive: true });
  return {
    url: url.href,
    drop: async () => {
      await administrator`drop database ${administrator(name)} with (force)`;
      await administrator.end();
    },
  };
}

test("an inbox of the first version is carried over: one head a thread, in its place, under forced row level security", async () => {
  const { url, drop } = await databaseAt(3);
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql`select set_config('app.scope', 'system', false)`;
    await sql`insert into users (id, email, name) values ('usr_1', 'ada@here.example', 'Ada')`;
    await sql`insert into organizations (id, name, slug) values ('org_1', 'Here', 'here')`;
    await sql`insert into members (id, organization_id, user_id) values ('mbr_1', 'org_1', 'usr_1')`;
    for (const [id, subject] of [["1", "mtg_1"], ["2", "mtg_1"], ["3", "mtg_2"]] as const) {
      await sql`insert into notifications (id, organization_id, event_id, type, category, subject_id, payload, occurred_at)
        values (${`ntf_${id}`}, 'org_1', ${`evt_${id}`}, 'meeting.updated', 'changes', ${subject}, '{}', now())`;
      await sql`insert into receivers (id, organization_id, notification_id, member_id) values (${`rcv_${id}`}, 'org_1', ${`ntf_${id}`}, 'mbr_1')`;
    }
    await migrate(url);
    const rows = await sql`select id, thread, head, shown, category, position, decisions->'inbox'->>'verdict' as inbox from receivers order by id`;
    expect(rows).toEqual([
      { id: "rcv_1", thread: "mtg_1", head: false, shown: true, category: "changes", position: "rcv_1", inbox: "now" },
      { id: "rcv_2", thread: "mtg_1", head: true, shown: true, category: "changes", position: "rcv_2", inbox: "now" },
      { id: "rcv_3", thread: "mtg_2", head: true, shown: true, category: "changes", position: "rcv_3", inbox: "now" },
    ]);
    await sql`select set_config('app.scope', '', false)`;
    expect(await sql`select id from receivers`).toEqual([]);
  } finally {
    await sql.end();
    await drop();
  }
});
