// What a page of a workspace's news costs with a thousand and a million articles in the table, beside the same rows from one bare table.
import type { Member } from "@/lib/organizations/actor";
import { myWorkspaces } from "@/lib/organizations/workspaces/queries";
import { listArticles, newerThan } from "@/lib/feed/articles/listing/queries";
import { cursorOf } from "@/lib/feed/articles/listing/rules";
import { firstFeed } from "@/lib/feed/feeds/queries";
import { unreadByWorkspace } from "@/lib/feed/reading/queries";
import { closeDatabase, inTenant } from "@/lib/platform/db/client";
import { openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed } from "./measuring/people";
import { ms, printTable, seconds, times, whole, type Cell } from "./measuring/table";

/** `BENCH_FEED_ROWS=1000,100000` measures other sizes; a million articles take about 2 GB as long as the measure lasts. */
const sizes = (process.env.BENCH_FEED_ROWS ?? "1000,1000000").split(",").map(Number);
/** Half of the articles stand in the feed that is read, the others in workspaces of other organizations. */
const share = 2;
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
const reader = await memberNamed("camille");
const author = await memberNamed("ada");
const [workspace] = await myWorkspaces(reader);
if (!workspace) throw new Error("Camille is in no workspace");
const feed = await inTenant(reader, (tx) => firstFeed(tx, reader, workspace.id));

const copied = ["articles", "article_places", "article_tallies", "article_reads"] as const;
/** Everything is listed after the reader has joined, or nothing of it would be unread. */
const firstAt = Date.now();

interface Figures {
  rows: number;
  filledMs: number;
  page: number[];
  deep: number[];
  newer: number[];
  unread: number[];
  bare: number[];
  plan: string;
}

const measured: Figures[] = [];
for (const rows of sizes) measured.push(await measure(rows));

async function measure(rows: number): Promise<Figures> {
  process.stdout.write(`  filling ${whole(rows)} articles …\n`);
  const startedAt = performance.now();
  await fill(rows);
  const filledMs = performance.now() - startedAt;
  const asked = { workspace: workspace?.slug ?? "" };
  const middle = () => cursorOf({ at: new Date(firstAt + Math.floor(Math.random() * rows) * 1000), articleId: "" });
  const newest = cursorOf({ at: new Date(firstAt + (rows - 7) * 1000), articleId: "" });
  const alone = await sql.reserve();
  const took = await inTurn({
    page: () => listArticles(reader, asked),
    deep: () => listArticles(reader, { ...asked, cursor: middle() }),
    newer: () => newerThan(reader, { ...asked, newest }),
    unread: () => unreadByWorkspace(reader),
    bare: () => alone`select * from bench.flat_articles where workspace_id = ${workspace?.id ?? ""} order by listed_at desc, id desc limit ${pageRows}`,
  });
  alone.release();
  return { rows, filledMs, ...took, plan: await plannedAs(reader) };
}

/** One call after the other and each kind in turn, so that what else the machine does falls on all of them; the first ones warm up. */
async function inTurn<Name extends string>(works: Record<Name, () => Promise<unknown>>): Promise<Record<Name, number[]>> {
  const names = Object.keys(works) as Name[];
  const took = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -rounds / 4; round < rounds; round += 1) {
    for (const name of names) {
      const startedAt = performance.now();
      await works[name]();
      if (round >= 0) took[name].push(performance.now() - startedAt);
    }
  }
  return took;
}

/** How the places of a page are found: as the product asks, and as the planner would if left alone. */
async function plannedAs({ organizationId }: Member): Promise<string> {
  const explain = (settings: string[]) => sql.begin(async (tx) => {
    await tx`select set_config('app.organization_id', ${organizationId}, true), set_config('search_path', 'bench,public', true)`;
    for (const setting of settings) await tx`select set_config(${setting}, 'off', true)`;
    const lines = await tx`
      explain (costs off) select * from article_places where workspace_id = ${workspace?.id ?? ""} and listed_at is not null and pinned_at is null
      order by listed_at desc, article_id desc limit ${pageRows + 1}`;
    return lines.map((line) => String(line["QUERY PLAN"])).filter((line) => /Scan|Sort/.test(line)).map((line) => line.replace("->", "").trim()).join(" · ");
  });
  return `${await explain(["enable_sort", "enable_bitmapscan"])}; left alone: ${await explain([])}`;
}

/** Loaded without indexes, which are then built as the product has them. Row level security is the product's, too. */
async function fill(rows: number): Promise<void> {
  await sql.unsafe(`drop table if exists ${[...copied, "flat_articles"].map((table) => `bench.${table}`).join(", ")}`);
  for (const table of copied) await sql.unsafe(`create table bench.${table} (like public.${table} including defaults)`);
  const ours = (mine: string, other: string) => `case when n % ${share} = 0 then '${mine}' else '${other}' || n % 20 end`;
  const id = "'art_01' || lpad(n::text, 24, '0')";
  const at = `timestamptz '${new Date(firstAt).toISOString()}' + make_interval(secs => n)`;
  const document = JSON.stringify({ type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "A paragraph of an article, as people write them. ".repeat(10) }] }] });
  await sql.unsafe(`
    insert into bench.articles (id, organization_id, feed_id, author_id, state, title, document, excerpt, version, published_at, created_at)
    select ${id}, ${ours(author.organizationId, "org_bench_")}, ${ours(feed.id, "fed_bench_")}, '${author.id}', 'published', 'Article ' || n, '${document}'::jsonb,
      repeat('What it begins with, cut off. ', 9), 1, ${at}, ${at}
    from generate_series(0, ${rows - 1}) as n`);
  await sql.unsafe(`
    insert into bench.article_places (organization_id, article_id, workspace_id, feed_id, listed_at)
    select ${ours(author.organizationId, "org_bench_")}, ${id}, ${ours(workspace?.id ?? "", "wsp_bench_")}, ${ours(feed.id, "fed_bench_")}, ${at} from generate_series(0, ${rows - 1}) as n`);
  await sql.unsafe(`
    insert into bench.article_tallies (article_id, organization_id, likes, comments)
    select ${id}, ${ours(author.organizationId, "org_bench_")}, n % 40, n % 7 from generate_series(0, ${rows - 1}) as n`);
  // The reader has opened every third one.
  await sql.unsafe(`
    insert into bench.article_reads (organization_id, article_id, member_id, read_at)
    select '${reader.organizationId}', ${id}, '${reader.id}', now() from generate_series(0, ${rows - 1}) as n where n % 6 = 0`);
  await sql.unsafe(`
    create table bench.flat_articles as
    select p.workspace_id, p.listed_at, a.id, a.title, a.excerpt, a.author_id, a.published_at, t.likes, t.comments
    from bench.article_places p join bench.articles a on a.id = p.article_id join bench.article_tallies t on t.article_id = a.id`);
  await sql`set maintenance_work_mem = '256MB'`;
  await sql`create index on bench.flat_articles (workspace_id, listed_at, id)`;
  const indexes = await sql<{ definition: string }[]>`
    select indexdef as definition from pg_indexes where schemaname = 'public' and tablename in ${sql([...copied])}`;
  for (const { definition } of indexes) await sql.unsafe(definition.replace(" ON public.", " ON bench."));
  for (const table of copied) {
    await sql.unsafe(`alter table bench.${table} enable row level security; alter table bench.${table} force row level security`);
    const [policy] = await sql<{ qual: string }[]>`select qual from pg_policies where schemaname = 'public' and tablename = ${table}`;
    if (!policy) throw new Error(`${table} has no policy`);
    await sql.unsafe(`create policy bench on bench.${table} using (${policy.qual})`);
  }
  for (const table of [...copied, "flat_articles"]) await sql.unsafe(`vacuum (analyze) bench.${table}`);
}

const measures = [
  ["page of 20 articles", "page"],
  ["page somewhere in the middle", "deep"],
  ["what is newer than a page", "newer"],
  ["unread in every workspace", "unread"],
  ["20 rows of a bare table", "bare"],
] as const;
const median = (values: number[]) => distribution(values).p50;
const figures = (values: number[], floor: number[]): Cell[] => {
  const { p50, p90, p99 } = distribution(values);
  return [ms(p50), ms(p90), ms(p99), times(p50, median(floor))];
};
const [small, large] = [measured[0], measured.at(-1)];
printTable(
  "The news of a workspace, one call after the other",
  ["", "articles", "p50", "p90", "p99", "floor"],
  measures.flatMap(([name, key]) => measured.map((one): Cell[] => [name, whole(one.rows), ...figures(one[key], one.bare)])),
  [
    ...measured.map(({ rows, filledMs, plan }) => `${whole(rows)} articles filled and indexed in ${seconds(filledMs)}; places of the page: ${plan}`),
    ...(small && large && small !== large ? measures.map(([name, key]) => `${name}: p50 grows ${times(median(large[key]), median(small[key]))} from ${whole(small.rows)} to ${whole(large.rows)}`) : []),
  ],
);
await sql.unsafe(`drop table ${[...copied, "flat_articles"].map((table) => `bench.${table}`).join(", ")}`);
await closeDatabase();
await sql.end();
