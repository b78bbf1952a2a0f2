import type { ChannelName } from "./inputs";
import type { CatalogRow, Recipient } from "./catalog";

export interface PlannedDelivery {
  channel: ChannelName;
  /** Member id, or the address of a person without an account. */
  recipient: string;
  memberId: string | null;
  participantId: string | null;
  email: string | null;
  mergeKey: string | null;
  deliverAfter: Date;
}

export interface Plan {
  type: string;
  category: string;
  subjectId: string;
  facts: Record<string, unknown>;
  /** Members who get an inbox row. */
  members: string[];
  deliveries: PlannedDelivery[];
}

/**
 * Who is told what on which channel and when. Nobody is told about what they did themselves; a person named twice is told once.
 * @throws ZodError when the payload breaks its event's contract.
 */
export function plan(row: CatalogRow, payload: unknown, now: Date): Plan {
  const { subjectId, actorId, recipients, facts, mergeSeconds, mergeKeyOf } = row.read(storable(payload));
  const told = onceEach(recipients.filter((recipient) => recipient.memberId === null || recipient.memberId !== actorId));
  const later = new Date(now.getTime() + mergeSeconds * 1000);
  return {
    type: row.type,
    category: row.category,
    subjectId,
    facts,
    members: told.flatMap(({ memberId }) => (memberId ? [memberId] : [])),
    deliveries: told.flatMap((recipient) =>
      row.channels.filter((channel) => reaches(channel, recipient)).map((channel) => ({
        channel,
        recipient: nameOf(recipient),
        memberId: recipient.memberId,
        participantId: recipient.participantId,
        email: recipient.email,
        // Only mail piles up in front of its reader; the live badge always shows the newest state.
        mergeKey: channel === "email" ? mergeKeyOf(recipient) : null,
        deliverAfter: channel === "email" ? later : now,
      })),
    ),
  };
}

const nameOf = ({ memberId, email }: Recipient) => memberId ?? email ?? "";

const reaches = (channel: ChannelName, { memberId, email }: Recipient) => (channel === "email" ? email !== null : memberId !== null);

function onceEach(recipients: Recipient[]): Recipient[] {
  const byName = new Map<string, Recipient>();
  for (const recipient of recipients) if (nameOf(recipient) !== "") byName.set(nameOf(recipient), recipient);
  return [...byName.values()];
}

/** PostgreSQL stores no U+0000 in text or jsonb; one in a name must not cost everybody else their notification. */
export function storable(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\u0000", "\uFFFD");
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replaceAll("\u0000", "\uFFFD"), storable(inner)]));
  }
  return value;
}
