// One event to everybody of an organization, until each of them has a row to read, beside the raw INSERT … SELECT of the same rows.
import { closeDatabase, systemTenant } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { fanOut } from "@/lib/notifications/fan-out/commands";
import { openDatabase, untilQuiet } from "./measuring/database";
import { median } from "./measuring/distribution";
import { actAsInstance, readInstance } from "./measuring/instance";
import { disband, forgetNews, inScope, insertedRaw, membershipOf, timed, type Membership } from "./measuring/membership";
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
  const crowd = await membershipOf(sql, size);
  const took = { inbox: [] as number[], mail: [] as number[], raw: [] as number[], rawMail: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const lap = {
      bare: await timed(() => insertedRaw(sql, crowd, "bench.receivers", { mail: false })),
      raw: await timed(() => insertedRaw(sql, crowd, "receivers", { mail: false })),
      inbox: await timed(() => tell(crowd, ["inbox"])),
      rawMail: await timed(() => insertedRaw(sql, crowd, "receivers", { mail: true })),
      mail: await timed(() => tell(crowd, ["inbox", "email"])),
    };
    await forgetNews(sql, crowd);
    await sql`truncate bench.receivers`;
    if (round > 0) for (const [name, ms] of Object.entries(lap)) took[name as keyof typeof took].push(ms);
  }
  await disband(sql, crowd);
  const row = (title: string, ms: number, written: number, floor: string, floorMs: number): Cell[] => [
    `${whole(size)} members, ${title}`, seconds(ms), perSecond((written / ms) * 1000), floor, seconds(floorMs), times(ms, floorMs),
  ];
  return [
    row("inbox", median(took.inbox), size, "with foreign keys", median(took.raw)),
    row("inbox", median(took.inbox), size, "indexes alone", median(took.bare)),
    row("inbox and mail", median(took.mail), 2 * size, "with foreign keys", median(took.rawMail)),
  ];
}

async function tell({ organizationId, size }: Membership, channels: string[]): Promise<void> {
  const publication = { id: newId("notification"), category: "announcements", channels, workspaceId: null, line: { en: "Measured" }, audience: { everyone: true } };
  const payload = { actor: { memberId: null, name: "Bench" }, publication };
  const envelope = { eventId: newId("event"), organizationId, version: 1, occurredAt: new Date().toISOString(), payload };
  await fanOut(systemTenant(organizationId), "notification.published", envelope);
  const [readable] = await inScope(sql, organizationId, (tx) => tx<{ count: number }[]>`select count(*)::int as count from receivers where notification_id = ${publication.id}`);
  if (readable?.count !== size + 1) throw new Error(`${readable?.count} of ${size + 1} have a row`);
}
