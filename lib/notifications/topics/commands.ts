import { and, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { TopicChoice } from "./inputs";
import { topicKindOf } from "./rules";
import { topicStandings } from "./tables";

/**
 * Follows, mutes, or takes either back (null). Whether they may read it is not asked here: who may not is told nothing of it whatever
 * they follow, and is told by this answer neither whether it is there.
 * @throws Refused NOT_FOUND for what is no topic.
 */
export async function setTopic(member: Tenant & { readonly id: string }, topic: string, choice: TopicChoice | null): Promise<void> {
  if (topicKindOf(topic) === null) throw new Refused("NOT_FOUND");
  await inTenant(member, async (tx) => {
    const mine = { organizationId: member.organizationId, memberId: member.id, topic };
    if (choice === null) {
      await tx
        .delete(topicStandings)
        .where(and(eq(topicStandings.organizationId, mine.organizationId), eq(topicStandings.topic, topic), eq(topicStandings.memberId, mine.memberId)));
      return;
    }
    await tx
      .insert(topicStandings)
      .values({ ...mine, choice, updatedAt: clock.now() })
      .onConflictDoUpdate({
        target: [topicStandings.organizationId, topicStandings.topic, topicStandings.memberId],
        set: { choice: sql`excluded.choice`, updatedAt: sql`excluded.updated_at` },
      });
  });
}
