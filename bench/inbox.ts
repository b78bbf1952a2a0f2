// What a page of the inbox and the unread count cost when a million and ten million rows lie in the table, beside a bare index walk.
import type { Member } from "@/lib/organizations/actor";
import { inboxCount, inboxPage } from "@/lib/notifications/inbox/queries";
import { closeDatabase } from "@/lib/platform/db/client";
import { openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed } from "./measuring/people";
import { ms, printTable, seconds, times, whole, type Cell } from "./measuring/table";

/** `BENCH_INBOX_ROWS=100000,1000000` measures other sizes; ten million rows take about 8 GB as long as the measure lasts. */
const sizes = (process.env.BENCH_INBOX_ROWS ?? "1000000,10000000").split(",").map(Number);
const rowsEach = 500;
const organizations = 5;
const readersEach = 20;
/** Notifications of one thread, in each of the organizations. */
const block = 3 * organizations;
const rounds = 1_000;
const pageRows = 20;

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
// The product's own queries, on tables of their own under the same names: what the instance holds stays as it is.
const beside = new URL(instance.postgres.url);
beside.searchParams.set("search_path", "bench,public");
process.env.DATABASE_URL = beside.href;
await untilQuiet(sql);
const ada = await memberNamed("ada");

/** One of those whose inboxes lie in the table; their rows are in Ada's organization. */
const somebody = (people: number): Member => ({ ...ada, id: `mbr_${organizations * Math.floor((Math.random() * people) / organizations)}` });

interface Figures {
  rows: number;
  filledMs: number;
  page: number[];
  unreadPage: number[];
  count: number[];
  countAlone: number[];
  bare: number[];
  plan: string;
}

const measured: Figures[] = [];
for (const rows of sizes) measured.push(await measure(rows));

async function measure(rows: number): Promise<Figures> {
  const people = Math.ceil(rows / rowsEach);
  process.stdout.write(`  filling ${whole(rows)} rows for ${whole(people)} people …\n`);
  const startedAt = performance.now();
  await fill(rows, people);
  const filledMs = performance.now() - startedAt;
  const page = () => inboxPage(somebody(people), { limit: pageRows, tab: "all" });
  const unreadPage = () => inboxPage(somebody(people), { limit: pageRows, tab: "unread" });
  const count = () => inboxCount(somebody(people));
  const figures = { rows, filledMs, page: await timed(page), unreadPage: await timed(unreadPage), count: await timed(count) };
  // As the product would ask on a connection of its own: without the transaction and the tenant around it.
  const alone = await sql.reserve();
  await alone`
    select set_config('app.organization_id', ${ada.organizationId}, false), set_config('search_path', 'bench,public', false)`;
  const countAlone = await timed(() => alone`
    select count(*) from receivers where member_id = ${somebody(people).id} and head and shown and snoozed_until is null and read_at is null`);
  const bare = await timed(() => alone`
    select receivers.*, notifications.* from receivers join notifications on notifications.id = receivers.notification_id
    where member_id = ${somebody(people).id} and head and shown and snoozed_until is null order by position desc limit ${pageRows}`);
  // As the product reads it (inbox/queries.ts).
  await alone`select set_config('enable_sort', 'off', false), set_config('enable_bitmapscan', 'off', false)`;
  const explained = await alone`
    explain (costs off) select receivers.*, notifications.* from receivers join notifications on notifications.id = receivers.notification_id
    where member_id = ${somebody(people).id} and head and shown and snoozed_until is null order by position desc limit 20`;
  await alone`reset all`;
  alone.release();
  const plan = explained.map((line) => String(line["QUERY PLAN"])).filter((line) => /Scan|Sort|Join|Loop/.test(line)).map((line) => line.replace("->", "").trim());
  return { ...figures, countAlone, bare, plan: plan.join(" · ") };
}

/** Each call on its own, one after the other; the first ones warm up. */
async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let round = -rounds / 4; round < rounds; round += 1) {
    const startedAt = performance.now();
    await work();
    if (round >= 0) took.push(performance.now() - startedAt);
  }
  return took;
}

/**
 * Threads of three rows, a sixth of the lines unread, in five organizations; loaded without indexes, which are then built as
 * the product has them. Row level security is the product's, too.
 */
async function fill(rows: number, people: number): Promise<void> {
  await sql`drop table if exists bench.receivers, bench.notifications`;
  await sql`create table bench.notifications (like public.notifications including defaults)`;
  await sql`create table bench.receivers (like public.receivers including defaults)`;
  const organization = (number: string) => `case when ${number} % ${organizations} = 0 then '${ada.organizationId}' else 'org_bench_' || ${number} % ${organizations} end`;
  const decisions = JSON.stringify({
    inbox: { verdict: "now", source: "default" },
    email: { verdict: "now", source: "default" },
    push: { verdict: "skip", source: "default", why: "no-device" },
  });
  const happened = Math.ceil(rows / readersEach);
  // Every notification of a thread reaches the same people, all of one organization.
  await sql.unsafe(`
    insert into bench.notifications (id, organization_id, event_id, type, category, subject_id, thread, payload, occurred_at)
    select 'ntf_' || n, ${organization("n")}, 'evt_' || n, 'meeting.responded', 'answers', 'mtg_' || n / ${block}, 'mtg_' || n % ${organizations} || '_' || n / ${block},
      jsonb_build_object('actor', jsonb_build_object('memberId', 'mbr_' || n, 'name', 'Person ' || n),
        'meeting', jsonb_build_object('id', 'mtg_' || n / ${block}, 'title', 'Meeting ' || n / ${block}, 'startsAt', '2031-03-03T01:00:00.000Z', 'endsAt', '2031-03-03T02:00:00.000Z'), 'partstat', 'accepted'),
      now() - make_interval(secs => ${happened} - n)
    from generate_series(0, ${happened - 1}) as n`);
  await sql.unsafe(`
    insert into bench.receivers (id, organization_id, notification_id, member_id, category, thread, head, shown, read_at, position, decisions)
    select id, organization_id, 'ntf_' || n, 'mbr_' || person, 'answers', 'mtg_' || n % ${organizations} || '_' || n / ${block}, n % ${block} >= ${2 * organizations}, true,
      case when (n / ${block} + person) % 6 = 0 then null else now() end, id, '${decisions}'::jsonb
    from generate_series(0, ${happened - 1}) as n cross join generate_series(0, ${readersEach - 1}) as r
    cross join lateral (select 'rcv_01' || lpad((n::bigint * ${readersEach} + r)::text, 24, '0') as id,
      n % ${organizations} + ${organizations} * (((n / ${block}) * 7919 + r) % ${Math.max(1, Math.floor(people / organizations))}) as person, ${organization("n")} as organization_id) as told`);
  const indexes = await sql<{ definition: string }[]>`
    select indexdef as definition from pg_indexes where schemaname = 'public' and tablename in ('receivers', 'notifications')`;
  await sql`set maintenance_work_mem = '512MB'`;
  for (const { definition } of indexes) await sql.unsafe(definition.replace(" ON public.", " ON bench."));
  for (const table of ["receivers", "notifications"]) {
    await sql.unsafe(`alter table bench.${table} enable row level security; alter table bench.${table} force row level security`);
    const [policy] = await sql<{ qual: string }[]>`select qual from pg_policies where schemaname = 'public' and tablename = ${table}`;
    if (!policy) throw new Error(`${table} has no policy`);
    await sql.unsafe(`create policy bench on bench.${table} using (${policy.qual})`);
  }
  await sql.unsafe("vacuum (analyze) bench.receivers");
  await sql.unsafe("vacuum (analyze) bench.notifications");
}

const figures = (values: number[]): Cell[] => {
  const { p50, p90, p99 } = distribution(values);
  return [ms(p50), ms(p90), ms(p99)];
};
const p99 = (values: number[]) => distribution(values).p99;
const measures = [
  ["page of 20 lines, all", "page"],
  ["page of 20 lines, unread", "unreadPage"],
  ["unread count", "count"],
  ["unread count, statement alone", "countAlone"],
  ["the planner's own page query", "bare"],
] as const;
const [small, large] = [measured[0], measured.at(-1)];
printTable(
  "The inbox, one call after the other",
  ["", "rows", "p50", "p90", "p99"],
  measures.flatMap(([name, key]) => measured.map((one): Cell[] => [name, whole(one.rows), ...figures(one[key])])),
  [
    ...measured.map(({ rows, filledMs, plan }) => `${whole(rows)} rows filled and indexed in ${seconds(filledMs)}; plan of the page: ${plan}`),
    ...(small && large && small !== large
      ? measures.map(([name, key]) => `${name}: p99 grows ${times(p99(large[key]), p99(small[key]))} from ${whole(small.rows)} to ${whole(large.rows)} rows`)
      : []),
  ],
);
await sql`drop table bench.receivers, bench.notifications`;
await closeDatabase();
await sql.end();
