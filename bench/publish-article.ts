// One article to everybody of a workspace, from the press of the button until each of them has a row to read, beside the raw INSERT of the same rows.
import { closeDatabase, systemTenant } from "@/lib/platform/db/client";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { parseInput } from "@/lib/platform/validation";
import { createArticle, deleteArticle } from "@/lib/feed/articles/commands";
import { createArticleInput } from "@/lib/feed/articles/inputs";
import { feedsOf } from "@/lib/feed/feeds/queries";
import { fanOut } from "@/lib/notifications/fan-out/commands";
import { withdrawArticle } from "@/lib/notifications/withdrawals/commands";
import { memberById, type Member } from "@/lib/organizations/actor";
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
await untilQuiet(sql);

const rows: Cell[][] = [];
for (const size of sizes) rows.push(...(await measured(size)));

printTable(
  "An article to everybody of a workspace: a line in each inbox, and in each daily digest",
  ["", "took", "rows", "raw INSERT … SELECT", "took", "ratio"],
  rows,
  [
    `Each figure is the median of ${rounds} rounds, taken in turns with its floor; the round before them warms up.`,
    "Nobody chose anything, so each reader has a row in the inbox and one mail that waits for the digest. The relay and the engine are measured by `outbox`.",
    "Taken back: the article is deleted, until no inbox has it and nothing of it waits.",
  ],
);
await sql.end();
await closeDatabase();

async function measured(size: number): Promise<Cell[][]> {
  const crowd = await membershipOf(sql, size);
  const author = await memberById(systemTenant(crowd.organizationId), crowd.ownerId);
  if (!author) throw new Error("nobody to write");
  const took = { told: [] as number[], floor: [] as number[], back: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const floor = await timed(() => insertedRaw(sql, crowd, "receivers", { mail: true }));
    await forgetNews(sql, crowd);
    let articleId = "";
    const told = await timed(async () => {
      articleId = await publish(crowd, author);
    });
    const back = await timed(() => takeBack(crowd, author, articleId));
    await forgetNews(sql, crowd);
    if (round > 0) for (const [name, lap] of Object.entries({ told, floor, back })) took[name as keyof typeof took].push(lap);
  }
  await disband(sql, crowd);
  const row = (title: string, lap: number): Cell[] => [
    `${whole(size)} members, ${title}`, seconds(lap), perSecond(((2 * size) / lap) * 1000), "with foreign keys", seconds(median(took.floor)), times(lap, median(took.floor)),
  ];
  return [row("published", median(took.told)), row("taken back", median(took.back))];
}

/** As the button and the functions behind it: the article, its event, and everybody's row. */
async function publish({ organizationId, workspaceId, size }: Membership, author: Member): Promise<string> {
  const [feed] = await feedsOf(author, workspaceId);
  const { articleId } = await createArticle(author, parseInput(createArticleInput, { title: "Measured", text: "In so many words.", feedId: feed?.id }));
  const [event] = await inScope(sql, organizationId, (tx) => tx<EventRow[]>`
    select id, version, occurred_at, payload from outbox_events where name = 'article.published' and payload -> 'article' ->> 'id' = ${articleId}`);
  await keepFromRelay(organizationId);
  if (!event) throw new Error("nothing was published");
  await fanOut(systemTenant(organizationId), "article.published", {
    eventId: event.id,
    organizationId,
    version: event.version,
    occurredAt: event.occurred_at.toISOString(),
    payload: event.payload,
  });
  const readable = await rowsOf(organizationId, articleId);
  if (readable !== size) throw new Error(`${readable} of ${size} have a row`);
  return articleId;
}

interface EventRow {
  id: EventEnvelope["eventId"];
  version: number;
  occurred_at: Date;
  payload: Record<string, unknown>;
}

/** What is measured here must not be done once more by the instance beside it. */
async function keepFromRelay(organizationId: string): Promise<void> {
  await inScope(sql, organizationId, (tx) => tx`update outbox_events set sent_at = now() where organization_id = ${organizationId} and sent_at is null`);
}

async function takeBack({ organizationId }: Membership, author: Member, articleId: string): Promise<void> {
  await deleteArticle(author, articleId);
  await keepFromRelay(organizationId);
  await withdrawArticle(systemTenant(organizationId), articleId);
  if ((await rowsOf(organizationId, articleId)) > 0) throw new Error("somebody still has it");
}

function rowsOf(organizationId: string, articleId: string): Promise<number> {
  return inScope(sql, organizationId, async (tx) => {
    const [row] = await tx<{ count: number }[]>`
      select count(*)::int as count from receivers join notifications on notifications.id = receivers.notification_id where notifications.subject_id = ${articleId}`;
    return row?.count ?? 0;
  });
}
