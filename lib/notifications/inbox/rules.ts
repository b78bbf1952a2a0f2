import { z } from "zod";

/** What an inbox row can say of the facts the catalog kept, whatever its type. A fact that is missing is null; nothing is refused. */
const instant = z.iso.datetime();
const facts = z.object({
  actor: z.object({ name: z.string() }).optional().catch(undefined),
  meeting: z.object({ id: z.string(), title: z.string(), startsAt: instant, endsAt: instant }).optional().catch(undefined),
  before: z.object({ startsAt: instant }).optional().catch(undefined),
  reason: z.string().nullish().catch(null),
  comment: z.string().nullish().catch(null),
  partstat: z.string().optional().catch(undefined),
  organization: z.object({ name: z.string() }).optional().catch(undefined),
  member: z.object({ name: z.string() }).optional().catch(undefined),
});

export interface InboxLine {
  actor: string | null;
  meeting: { id: string; title: string; startsAt: string; endsAt: string } | null;
  /** The start before the change, when that is what changed. */
  startedAt: string | null;
  /** The organizer's reason for cancelling, or the words that came with an answer. */
  words: string | null;
  partstat: string | null;
  organization: string | null;
  person: string | null;
}

export function lineOf(kept: Record<string, unknown>): InboxLine {
  const { actor, meeting, before, reason, comment, partstat, organization, member } = facts.parse(kept);
  return {
    actor: actor?.name ?? null,
    meeting: meeting ?? null,
    startedAt: before && before.startsAt !== meeting?.startsAt ? before.startsAt : null,
    words: reason || comment || null,
    partstat: partstat ?? null,
    organization: organization?.name ?? null,
    person: member?.name ?? null,
  };
}
