import { z } from "zod";
import { defineEvent } from "@/lib/platform/outbox/outbox";

const actor = z.object({ memberId: z.string().nullable(), name: z.string() });
const account = z.object({ id: z.string(), name: z.string() });

/** An issue in the few words that filters, cards and messages need. */
export const issueFacts = z.object({
  id: z.string(),
  key: z.string(),
  summary: z.string(),
  /** Its page over there. */
  url: z.string().nullable(),
  project: z.object({ id: z.string(), key: z.string(), name: z.string() }),
  type: z.string().nullable(),
  status: z.string().nullable(),
  /** Jira's own: `new`, `indeterminate`, `done`. */
  statusCategory: z.string().nullable(),
  priority: z.string().nullable(),
  assignee: account.nullable(),
  reporter: account.nullable(),
  labels: z.array(z.string()),
  updatedAt: z.iso.datetime().nullable(),
  /** Over there only some of those who see its project may see it (a security level): that the project is open does not open it. */
  restricted: z.boolean().optional(),
});
export type IssueFacts = z.output<typeof issueFacts>;

/** What one inbound webhook says, read leniently: whatever may be missing over there may be missing here. */
export const pluginFacts = z.object({
  /** The product's name of it, e.g. `jira.issue.updated`, and the sender's own. */
  event: z.string(),
  sourceEvent: z.string(),
  /** Who did it over there. */
  actor: account.nullable(),
  /** What it is about: `issue:10042`, `sprint:7`. It keeps its order and is one thread of the inbox. */
  entity: z.string(),
  /** One line that names it: `MOIM-12 Fix the door`. */
  title: z.string(),
  text: z.string().nullable(),
  url: z.string().nullable(),
  project: z.object({ id: z.string(), key: z.string(), name: z.string() }).nullable(),
  issue: issueFacts.nullable(),
  /** The most important first: status, assignee, then the others. */
  changes: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable(), fromId: z.string().nullable(), toId: z.string().nullable() })),
  /** `restricted`: over there only some of those who see its issue may read it (a role, a group, a team's internal note). */
  comment: z.object({ id: z.string(), text: z.string(), author: account.nullable(), restricted: z.boolean().optional() }).nullable(),
  /** Accounts named in a comment or description. */
  mentions: z.array(z.string()),
  occurredAt: z.iso.datetime(),
});
export type PluginFacts = z.output<typeof pluginFacts>;

/** A webhook is stored; this only wakes whoever reads what is waiting at its connection. */
export const webhookReceived = defineEvent("webhook.received", 1, z.object({ connectionId: z.string() }));

const told = z.object({
  actor,
  connection: z.object({ id: z.string(), plugin: z.string(), name: z.string() }),
  webhookId: z.string(),
  facts: pluginFacts,
  /** Why its readers hear of it. */
  subscriptions: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Who may see it and asked for it. */
  memberIds: z.array(z.string()),
  /**
   * True when it is addressed to these members in person: they are newly assigned by it, or it mentions them. They are told in an event of
   * their own, everybody else in another one, so that each is told once: what concerns somebody in person is a choice of its own
   * (category `mentions`), comes at once, and stands among what is "for you".
   */
  personal: z.boolean().optional(),
});
export type PluginEventTold = z.output<typeof told>;

/** What people are told of a plugin's events: those that asked and may see it. Anything but issues and comments is `plugin.event`. */
export const jiraIssueCreated = defineEvent("jira.issue.created", 1, told);
export const jiraIssueUpdated = defineEvent("jira.issue.updated", 1, told);
export const jiraIssueDeleted = defineEvent("jira.issue.deleted", 1, told);
export const jiraCommentCreated = defineEvent("jira.comment.created", 1, told);
export const pluginEventHappened = defineEvent("plugin.event", 1, told);

const connection = z.object({ id: z.string(), plugin: z.string(), name: z.string() });

export const connectionEstablished = defineEvent("connection.established", 1, z.object({ actor, connection }));

/** `grant`: somebody must consent anew. `hook`: its registered webhook lapsed, or will within a week, and could not be renewed. */
export const connectionBroken = defineEvent(
  "connection.broken",
  1,
  z.object({ connection, cause: z.enum(["grant", "hook"]), detail: z.string(), since: z.iso.datetime() }),
);

/** A member's own grant is gone: they hear of no issue until they link their account again. */
export const accountUnlinked = defineEvent("account.unlinked", 1, z.object({ memberId: z.string(), plugin: z.string(), accountName: z.string(), detail: z.string() }));

/** Something may have been missed at this connection; a durable function asks for it. */
export const gapFound = defineEvent("connection.gap-found", 1, z.object({ connectionId: z.string(), since: z.iso.datetime() }));

/** A disconnected or switched connection leaves webhooks over there that somebody has to remove. */
export const hooksAbandoned = defineEvent("hooks.abandoned", 1, z.object({ connectionId: z.string() }));

/** An endpoint gets nothing for now. `payload` is the beginning of what it failed on. */
export const subscriptionPaused = defineEvent(
  "subscription.paused",
  1,
  z.object({
    endpoint: z.object({ id: z.string(), name: z.string(), url: z.string() }),
    ownerId: z.string(),
    reason: z.enum(["failing", "gone"]),
    detail: z.string(),
    event: z.string(),
    payload: z.string(),
    waiting: z.number().int(),
  }),
);

/** Deliveries to this endpoint wait to be sent. */
export const outgoingReady = defineEvent("outgoing.ready", 1, z.object({ endpointId: z.string() }));
