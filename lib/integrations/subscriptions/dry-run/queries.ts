import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused, refusedField } from "@/lib/platform/errors";
import { firstIdAt } from "@/lib/platform/ids";
import { limitRate } from "@/lib/platform/rate-limit";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { connectionIn, type Connection } from "../../connections/queries";
import type { PluginFacts } from "../../events";
import { inboundWebhooks } from "../../ingest/tables";
import { personOf } from "../../people/queries";
import { maySee } from "../../people/sights/queries";
import { refusedByJira } from "../../plugins/jira/client";
import { mayManageIntegrations } from "../../policy";
import type { DryRunInput, EventFilter } from "../inputs";
import { maySubscribe } from "../policy";
import { eventsOf } from "../queries";
import { matches } from "../rules";
import { authorsOf, sightNeeded } from "../telling/rules";
import { dayMs, perDay, shownMax, thingsAskedMax, type DryRun, type Found } from "./rules";

/** A wish as the log is gone through with it. */
export interface Sought {
  connectionId: string;
  events: string[];
  filter: EventFilter;
  /** What `me` stands for. */
  ownerAccountId: string | null;
}

export interface Logged {
  id: string;
  position: number;
  receivedAt: Date;
  facts: PluginFacts;
}

/** What was received from `from` on and before `to`. */
export interface Range {
  from: Date;
  to: Date;
}

const batchSize = 500;
/** Events that one question goes through: a connection with more of them is answered for the newest. */
const examinedMax = 20_000;
/** An identifier says when it was made; the clocks of two processes may differ. */
const skewMs = 60 * 60_000;

/**
 * What a wish means of the log, the newest first, in batches: the one way in which a dry run counts and a replay chooses, with the same
 * `matches` by which events are dispatched. `since`: everything from then on was looked at; null when all of the range was.
 */
export async function* matchingLog(tx: Tx, { connectionId, events, filter, ownerAccountId }: Sought, { from, to }: Range): AsyncGenerator<{ matched: Logged[]; since: Date | null }> {
  const lowest = firstIdAt("inboundWebhook", new Date(from.getTime() - skewMs));
  let before: string = firstIdAt("inboundWebhook", new Date(to.getTime() + skewMs));
  for (let examined = 0; ; ) {
    const rows = await tx
      .select({ id: inboundWebhooks.id, position: inboundWebhooks.position, receivedAt: inboundWebhooks.receivedAt, facts: inboundWebhooks.facts })
      .from(inboundWebhooks)
      .where(
        and(
          eq(inboundWebhooks.connectionId, connectionId),
          eq(inboundWebhooks.state, "read"),
          gte(inboundWebhooks.id, lowest),
          lt(inboundWebhooks.id, before),
          gte(inboundWebhooks.receivedAt, from),
          lt(inboundWebhooks.receivedAt, to),
          // As `wantsEvent` says it; what is not of a wished kind need not be read.
          events.length === 0 ? undefined : sql`${inboundWebhooks.event} = any(${textArray(events)})`,
        ),
      )
      .orderBy(desc(inboundWebhooks.id))
      .limit(batchSize);
    const last = rows.at(-1);
    if (!last) return;
    examined += rows.length;
    const matched = rows.flatMap(({ facts, position, ...row }) => (facts && matches(filter, events, facts, ownerAccountId) ? [{ ...row, facts, position: position ?? 0 }] : []));
    const cut = examined >= examinedMax && rows.length === batchSize;
    yield { matched, since: cut ? last.receivedAt : null };
    if (cut || rows.length < batchSize) return;
    before = last.id;
  }
}

const runsPerMinute = 60;

/**
 * What a wish would have brought in the last days: with target `me` what this member would have been told, otherwise what matches.
 * @throws Refused FORBIDDEN, INVALID, JIRA_UNAVAILABLE, TOO_MANY_REQUESTS.
 */
export async function dryRun(member: Member, input: DryRunInput): Promise<DryRun> {
  if (!maySubscribe(member, input.target)) throw new Refused("FORBIDDEN");
  await limitRate(`dry-runs:${member.id}`, runsPerMinute, 60);
  const to = new Date(clock.nowMs() + 1);
  const range = { from: new Date(to.getTime() - input.days * dayMs), to };
  const person = await personOf(member, member.id);
  const { place, found, since } = await inTenant(member, (tx) => search(tx, member, { ...input, ownerAccountId: person?.accountId ?? null }, range));
  const told = input.target === "me" ? await forMyself(member, place, found, person?.accountId ?? null) : { found, since: null };
  const from = [since, told.since, range.from].reduce<Date>((latest, at) => (at && at > latest ? at : latest), range.from);
  const counted = told.found.filter(({ at }) => at >= from);
  return {
    from,
    to,
    complete: from === range.from,
    matched: counted.length,
    perDay: perDay(counted.length, to.getTime() - from.getTime()),
    examples: counted.slice(0, shownMax).map(({ id, at, event, title, url }) => ({ id, at, event, title, url })),
  };
}

/** How much of a wish of their own a member would have been told, counted as a dry run does. @throws Refused JIRA_UNAVAILABLE. */
export async function heardOf(member: Member, wish: Pick<Sought, "connectionId" | "events" | "filter">, range: Range): Promise<number> {
  const accountId = (await personOf(member, member.id))?.accountId ?? null;
  const { place, found } = await inTenant(member, (tx) => search(tx, member, { ...wish, ownerAccountId: accountId }, range));
  const told = await forMyself(member, place, found, accountId);
  return told.found.filter(({ at }) => told.since === null || at >= told.since).length;
}

async function search(tx: Tx, tenant: Tenant, sought: Sought, range: Range): Promise<{ place: Connection; found: Found[]; since: Date | null }> {
  const place = await connectionIn(tx, tenant, sought.connectionId);
  if (!place) throw refusedField("connectionId", "unknown-connection", describeFault("unknown-connection"));
  const unknown = sought.events.findIndex((event) => !eventsOf(place.plugin).includes(event));
  if (unknown >= 0) throw refusedField(["events", unknown], "unknown-event", describeFault("unknown-event"));
  const found: Found[] = [];
  let since: Date | null = null;
  for await (const batch of matchingLog(tx, sought, range)) {
    // Facts can be large: only what is counted and shown is kept of them.
    found.push(...batch.matched.map(({ id, receivedAt, facts }) => ({ id, at: receivedAt, event: facts.event, title: facts.title, url: facts.url, thing: sightNeeded(facts), authors: authorsOf(facts) })));
    since = batch.since;
  }
  return { place, found, since };
}

/** As telling decides it: without one's own deeds, and only what one may see. A dry run must not tell of what a notification would not. */
async function forMyself(member: Member, place: Connection, found: Found[], accountId: string | null): Promise<{ found: Found[]; since: Date | null }> {
  const others = found.filter(({ authors }) => accountId === null || !authors.includes(accountId));
  const things = new Map(others.flatMap(({ thing }) => (thing ? [[thing.entity, thing] as const] : [])));
  const asked = [...things.values()].slice(0, thingsAskedMax);
  const visible = new Map<string, boolean>();
  const waiting = [...asked];
  const asker = async () => {
    for (let thing = waiting.shift(); thing; thing = waiting.shift()) visible.set(thing.entity, (await maySee(member, place, thing, [member.id])).get(member.id) === true);
  };
  await Promise.all([asker(), asker(), asker(), asker()]).catch((error: unknown) => {
    throw refusedByJira(error);
  });
  const firstUnasked = others.find(({ thing }) => thing && !visible.has(thing.entity));
  const manages = mayManageIntegrations(member);
  return {
    found: others.filter(({ thing }) => (thing ? visible.get(thing.entity) === true : manages)),
    since: firstUnasked ? new Date(firstUnasked.at.getTime() + 1) : null,
  };
}
