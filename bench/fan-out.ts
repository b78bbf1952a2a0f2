// One event to everybody of an organization, until each of them has a row to read, beside the raw INSERT … SELECT of the same rows.
import type postgres from "postgres";
import { closeDatabase, systemTenant } from "@/lib/platform/db/client";
import { ensurePerson } from "@/lib/platform/auth/people";
import { newId } from "@/lib/platform/ids";
import { createOrganization } from "@/lib/organizations/commands";
import { fanOut } from "@/lib/notifications/fan-out/commands";
import { openDatabase, untilQuiet } from "./measuring/database";
import { median } from "./measuring/distribution";
import { actAsInstance, readInstance } from "./measuring/instance";
import { perSecond, printTable, seconds, times, whole, type Cell } from "./measuring/table";

const sizes = [1_000, 10_000, 100_000];
const rounds = 3;

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
await sql`drop table if exists bench.receivers`;
// Columns, defaults, keys and indexes, but neither foreign keys nor row level security.
await sql`create table bench.receivers (like receivers including all)`;
await untilQuiet(sql);

const rows: Cell[][] = [];
for (const size of sizes) rows.push(...(await measured(size)));

printTable(
  "Fan-out: one event to everybody, until each of them has a row",
  ["", "took", "rows", "raw INSERT … SELECT", "took", "ratio"],
  rows,
  [
    `Each figure is the median of ${rounds} rounds, taken in turns with its floor; the round before them warms up.`,
    "The floor writes the same rows in one statement: into the product's own tables, and into a table that has their indexes alone.",
  ],
);
await sql`drop table bench.receivers`;
await sql.end();
await closeDatabase();

async function measured(size: number): Promise<Cell[][]> {
  const crowd = await crowdOf(size);
  const took = { inbox: [] as number[], mail: [] as number[], raw: [] as number[], rawMail: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const lap = {
      bare: await timed(() => raw(crowd, "bench.receivers", { mail: false })),
      raw: await timed(() => raw(crowd, "receivers", { mail: false })),
      inbox: await timed(() => tell(crowd, ["inbox"])),
      rawMail: await timed(() => raw(crowd, "receivers", { mail: true })),
      mail: await timed(() => tell(crowd, ["inbox", "email"])),
    };
    await forget(crowd);
    if (round > 0) for (const [name, ms] of Object.entries(lap)) took[name as keyof typeof took].push(ms);
  }
  await disband(crowd);
  const row = (title: string, ms: number, written: number, floor: string, floorMs: number): Cell[] => [
    `${whole(size)} members, ${title}`, seconds(ms), perSecond((written / ms) * 1000), floor, seconds(floorMs), times(ms, floorMs),
  ];
  return [
    row("inbox", median(took.inbox), size, "with foreign keys", median(took.raw)),
    row("inbox", median(took.inbox), size, "indexes alone", median(took.bare)),
    row("inbox and mail", median(took.mail), 2 * size, "with foreign keys", median(took.rawMail)),
  ];
}

interface Crowd {
  organizationId: string;
  size: number;
  userPrefix: string;
}

/** An organization of its own, with `size` members besides its owner. */
async function crowdOf(size: number): Promise<Crowd> {
  const name = `crowd-${size}-${newId("event").slice(-6)}`;
  const { organizationId } = await createOrganization(await ensurePerson(`${name}@bench.example`, { name }), { name });
  const userPrefix = newId("user").slice(0, -5);
  const memberPrefix = newId("member").slice(0, -5);
  await inScope(organizationId, async (tx) => {
    await tx`
      insert into users (id, email) select ${userPrefix} || lpad(to_hex(n), 5, '0'), ${name} || n || '@bench.example' from generate_series(1, ${size}::int) as n`;
    await tx`
      insert into members (id, organization_id, user_id)
      select ${memberPrefix} || lpad(to_hex(n), 5, '0'), ${organizationId}, ${userPrefix} || lpad(to_hex(n), 5, '0') from generate_series(1, ${size}::int) as n`;
  });
  await sql`analyze users, members`;
  return { organizationId, size, userPrefix };
}

async function tell({ organizationId, size }: Crowd, channels: string[]): Promise<void> {
  const publication = { id: newId("notification"), category: "announcements", channels, workspaceId: null, line: { en: "Measured" }, audience: { everyone: true } };
  const payload = { actor: { memberId: null, name: "Bench" }, publication };
  const envelope = { eventId: newId("event"), organizationId, version: 1, occurredAt: new Date().toISOString(), payload };
  await fanOut(systemTenant(organizationId), "notification.published", envelope);
  const [readable] = await inScope(organizationId, (tx) => tx<{ count: number }[]>`select count(*)::int as count from receivers where notification_id = ${publication.id}`);
  if (readable?.count !== size + 1) throw new Error(`${readable?.count} of ${size + 1} have a row`);
}

/** The same rows without asking anybody what they want. */
async function raw({ organizationId }: Crowd, table: string, { mail }: { mail: boolean }): Promise<void> {
  const notificationId = newId("notification");
  const decision = JSON.stringify({ verdict: "now", source: "default" });
  await inScope(organizationId, async (tx) => {
    await tx`
      insert into notifications (id, organization_id, event_id, type, category, subject_id, thread, payload, occurred_at)
      values (${notificationId}, ${organizationId}, ${newId("event")}, 'notification.published', 'announcements', ${notificationId}, ${notificationId}, '{}', now())`;
    await tx`
      insert into ${sql(table)} (id, organization_id, notification_id, member_id, category, thread, position, decisions)
      select ${newId("receiver").slice(0, -5)} || lpad(to_hex(n), 5, '0'), ${organizationId}, ${notificationId}, id, 'announcements', ${notificationId},
        ${newId("receiver").slice(0, -5)} || lpad(to_hex(n), 5, '0'), jsonb_build_object('inbox', ${decision}::jsonb, 'email', ${decision}::jsonb, 'push', ${decision}::jsonb)
      from (select id, row_number() over (order by id) as n from members where organization_id = ${organizationId} and removed_at is null) as members`;
    if (!mail) return;
    await tx`
      insert into deliveries (id, organization_id, notification_id, channel, recipient, member_id, deliver_after)
      select ${newId("delivery").slice(0, -5)} || lpad(to_hex(n), 5, '0'), ${organizationId}, ${notificationId}, 'email', id, id, now() + interval '1 day'
      from (select id, row_number() over (order by id) as n from members where organization_id = ${organizationId} and removed_at is null) as members`;
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Before the sweep finds the mails of this round and sends them. */
async function forget({ organizationId }: Crowd): Promise<void> {
  await inScope(organizationId, async (tx) => {
    await tx`delete from deliveries where organization_id = ${organizationId}`;
    await tx`delete from receivers where organization_id = ${organizationId}`;
    await tx`delete from notifications where organization_id = ${organizationId}`;
  });
  await sql`truncate bench.receivers`;
  await sql`vacuum (analyze) receivers, deliveries, notifications`;
}

async function disband({ organizationId, userPrefix }: Crowd): Promise<void> {
  await inScope(organizationId, async (tx) => {
    await tx`delete from organizations where id = ${organizationId}`;
    await tx`delete from users where id like ${`${userPrefix}%`}`;
  });
}

/** As the product's own transactions: under row level security, in one organization. */
function inScope<T>(organizationId: string, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    await tx`select set_config('app.organization_id', ${organizationId}, true)`;
    return work(tx);
  }) as Promise<T>;
}
