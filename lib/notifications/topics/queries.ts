import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import type { TopicChoice, TopicKind } from "./inputs";
import { topicKindOf } from "./rules";
import { topicStandings } from "./tables";

type Person = Tenant & { readonly id: string };

/** What the member chose for these topics; what is not in the answer is the ordinary case. */
export async function topicChoice(member: Person, topics: string[]): Promise<Map<string, TopicChoice>> {
  if (topics.length === 0) return new Map();
  const rows = await inTenant(member, (tx) =>
    tx
      .select({ topic: topicStandings.topic, choice: topicStandings.choice })
      .from(topicStandings)
      .where(and(eq(topicStandings.organizationId, member.organizationId), inArray(topicStandings.topic, topics), eq(topicStandings.memberId, member.id))),
  );
  return new Map(rows.map(({ topic, choice }) => [topic, choice]));
}

export interface ChosenTopic {
  topic: string;
  kind: TopicKind;
  choice: TopicChoice;
  updatedAt: Date;
}

/** Nobody looks through more of them on one page; the newest are what somebody wants to take back. */
const topicsShown = 200;

/** All that the member follows or has muted, the newest choice first. */
export async function myTopics(member: Person): Promise<ChosenTopic[]> {
  const rows = await inTenant(member, (tx) =>
    tx
      .select()
      .from(topicStandings)
      .where(and(eq(topicStandings.organizationId, member.organizationId), eq(topicStandings.memberId, member.id)))
      .orderBy(desc(topicStandings.updatedAt), topicStandings.topic)
      .limit(topicsShown),
  );
  return rows.flatMap(({ topic, choice, updatedAt }) => {
    const kind = topicKindOf(topic);
    return kind ? [{ topic, kind, choice, updatedAt }] : [];
  });
}

/** Which of these pairs of a member and a topic are muted, as `<member> <topic>`. */
export async function mutedTopics(tenant: Tenant, pairs: { memberId: string; topic: string }[]): Promise<Set<string>> {
  if (pairs.length === 0) return new Set();
  const rows = await inTenant(tenant, (tx) =>
    tx.execute<{ pair: string }>(sql`
      select asked.member_id || ' ' || asked.topic as pair
      from (select distinct * from unnest(${textArray(pairs.map(({ memberId }) => memberId))}, ${textArray(pairs.map(({ topic }) => topic))}) as asked (member_id, topic)) as asked
      join topic_standings mine on mine.organization_id = ${tenant.organizationId} and mine.topic = asked.topic and mine.member_id = asked.member_id and mine.choice = 'muted'`),
  );
  return new Set(rows.map(({ pair }) => pair));
}
