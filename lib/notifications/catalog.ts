import type { z } from "zod";
import {
  meetingCancelled,
  meetingRescheduled,
  meetingResponded,
  meetingScheduled,
  meetingStarting,
  type Participant,
} from "@/lib/meetings/events";
import { memberInvited, memberJoined } from "@/lib/organizations/events";
import {
  accountUnlinked,
  connectionBroken,
  jiraCommentCreated,
  jiraIssueCreated,
  jiraIssueDeleted,
  jiraIssueUpdated,
  pluginEventHappened,
  subscriptionPaused,
  type PluginEventTold,
} from "@/lib/integrations/events";
import { deviceAdded, mailStopped, notificationPublished } from "./events";
import { acknowledgementDue, articleLiked, articlePublished, articleUpdated, commentAdded, commentEdited, type ArticleFacts } from "@/lib/feed/events";
import type { EventContract } from "@/lib/platform/outbox/outbox";
import type { AudienceSpec, Category, ChannelName } from "./inputs";
import { articleKept, commentKept, dueKept, likeKept, likesThread, workspaceOf } from "./news/mappings";
import { brokenOf, keptOf, pausedOf, subjectOf, threadOf, unlinkedOf } from "./plugin-events/mappings";

/** Somebody to tell. `participantId` is the domain's own id of them at the subject, e.g. the attendee. */
export interface Recipient {
  memberId: string | null;
  participantId: string | null;
  email: string | null;
  name: string | null;
}

/**
 * One kind of notification. Its inbox line is `messages/<locale>/notifications.json` under its type. Its mail is decided when it is
 * sent, by the subject as it stands then (`inngest/subjects.ts`): an `updated` whose reader never got the invitation invites.
 */
interface Row<Type extends string, Payload> {
  type: Type;
  category: Category | ((payload: Payload) => Category);
  /** The id the notification gets, when somebody was already told it. */
  id?: (payload: Payload) => string;
  /** What it is about. */
  subject: (payload: Payload) => string;
  /** Rows of one thread are one line of the inbox and one topic of push; the subject when absent. */
  thread?: (payload: Payload) => string;
  /** Where it happened; the whole organization when absent. */
  workspace?: (payload: Payload) => string | null;
  /** Named people, or a set that the database resolves. */
  audience: (payload: Payload) => Recipient[] | AudienceSpec;
  /** Offered, in this order; what is used is each reader's choice. Without an account a person has e-mail only. */
  channels: readonly ChannelName[] | ((payload: Payload) => readonly ChannelName[]);
  /** When nobody wants to hear of it any more. */
  expires?: (payload: Payload) => Date;
  /** What the inbox line and the mail need later; never whole attendee lists. */
  keep: (payload: Payload) => Record<string, unknown>;
  /** Mails with the same key are sent in order, and one that has not left yet is overtaken by the next. */
  mergeKey?: (payload: Payload, recipient: Recipient) => string;
  /** Seconds a mail waits for further changes to join it. */
  mergeSeconds?: (payload: Payload) => number;
}

const meetings = {
  subject: (payload: { meeting: { id: string } }) => payload.meeting.id,
  mergeKey: (payload: { meeting: { id: string } }, recipient: Recipient) => `meeting:${payload.meeting.id}:${recipient.participantId}`,
  channels: ["realtime", "email", "push"] as const,
};

const mergeSeconds = (payload: { mergeSeconds: number }) => payload.mergeSeconds;

/** A burst of changes is one mail that lists them. What concerns its reader in person never waits for the digest of the rest. */
const linked = {
  category: ({ personal }: PluginEventTold): Category => (personal ? "mentions" : "issues"),
  subject: subjectOf,
  thread: threadOf,
  audience: ({ memberIds }: PluginEventTold) => ({ memberIds }),
  channels: ["realtime", "email", "push"] as const,
  keep: keptOf,
  mergeKey: (payload: PluginEventTold, { memberId }: Recipient) => `${payload.personal ? "mentions" : "issues"}:${threadOf(payload)}:${memberId}`,
  mergeSeconds: () => 120,
};

/**
 * The news. All about one article is one thread. Everybody is told of an event once, by the row that concerns them most: where they are
 * mentioned, what answers them, what they wrote or follow. A mention passes a mute; nothing passes to who may not read the article.
 */
const news = {
  subject: ({ article }: { article: ArticleFacts }) => article.id,
  thread: ({ article }: { article: ArticleFacts }) => article.id,
  workspace: workspaceOf,
  channels: ["realtime", "email", "push"] as const,
};

const commented = { ...news, subject: ({ comment }: { comment: { id: string } }) => comment.id, keep: commentKept, mergeSeconds: () => 120 };

const mentioned = {
  audience: ({ article, mentioned: memberIds }: { article: ArticleFacts; mentioned: string[] }) => ({ memberIds, within: article.workspaceIds }),
  mergeKey: ({ article }: { article: ArticleFacts }, { memberId }: Recipient) => `mentions:${article.id}:${memberId}`,
};
const conversation = ({ article }: { article: ArticleFacts }, { memberId }: Recipient) => `comments:${article.id}:${memberId}`;

/** Which event becomes which notifications, for whom, and how. */
export const catalog = [
  ...on(meetingScheduled, [
    {
      type: "meeting.invited",
      category: "invitations",
      ...meetings,
      audience: ({ attendees }) => attendees.map(attendee),
      keep: ({ actor, meeting }) => ({ actor, meeting }),
    },
  ]),
  ...on(meetingRescheduled, [
    {
      type: "meeting.invited",
      category: "invitations",
      ...meetings,
      audience: ({ added }) => added.map(attendee),
      keep: ({ actor, meeting }) => ({ actor, meeting }),
    },
    {
      type: "meeting.updated",
      category: "changes",
      ...meetings,
      audience: ({ kept }) => kept.map(attendee),
      keep: ({ actor, meeting, before, changes }) => ({ actor, meeting, before, changes }),
      mergeSeconds,
    },
    {
      type: "meeting.removed",
      category: "changes",
      ...meetings,
      audience: ({ removed }) => removed.map(attendee),
      keep: ({ actor, meeting }) => ({ actor, meeting }),
      mergeSeconds,
    },
  ]),
  ...on(meetingCancelled, [
    {
      type: "meeting.cancelled",
      category: "changes",
      ...meetings,
      audience: ({ attendees }) => attendees.map(attendee),
      keep: ({ actor, meeting, reason }) => ({ actor, meeting, reason }),
    },
  ]),
  ...on(meetingResponded, [
    {
      type: "meeting.responded",
      category: "answers",
      ...meetings,
      audience: ({ meeting }) => [attendee(meeting.organizer)],
      keep: ({ actor, meeting, attendee: who, partstat, previous, comment }) => ({ actor, meeting, attendee: who, partstat, previous, comment }),
      mergeKey: ({ meeting }) => `answers:${meeting.id}`,
      mergeSeconds,
    },
  ]),
  ...on(meetingStarting, [
    {
      type: "meeting.reminder",
      category: "reminders",
      subject: meetings.subject,
      channels: meetings.channels,
      audience: ({ recipients }) => recipients.map(attendee),
      keep: ({ meeting, minutesLeft }) => ({ meeting, minutesLeft }),
      expires: ({ meeting }) => new Date(meeting.startsAt),
    },
  ]),
  ...on(memberInvited, [
    {
      type: "member.invited",
      category: "invitations",
      subject: ({ invitation }) => invitation.id,
      audience: ({ invitation }) => [{ memberId: null, participantId: invitation.id, email: invitation.email, name: null }],
      channels: ["email"],
      keep: ({ actor, organization, invitation }) => ({ actor, organization, invitation }),
      mergeKey: ({ invitation }) => `invitation:${invitation.id}`,
    },
  ]),
  ...on(memberJoined, [
    {
      type: "member.joined",
      category: "membership",
      subject: ({ member }) => member.id,
      audience: ({ invitedBy }) => (invitedBy ? [{ memberId: invitedBy, participantId: null, email: null, name: null }] : []),
      channels: ["realtime", "email", "push"],
      keep: ({ actor, organization, member }) => ({ actor, organization, member }),
    },
  ]),
  ...on(notificationPublished, [
    {
      type: "notification.published",
      id: ({ publication }) => publication.id,
      category: ({ publication }) => publication.category,
      subject: ({ publication }) => publication.id,
      workspace: ({ publication }) => publication.workspaceId,
      audience: ({ publication }) => publication.audience,
      channels: ({ publication }) => [...(publication.channels.includes("inbox") ? ["realtime" as const] : []), ...(["email", "push"] as const).filter((channel) => publication.channels.includes(channel))],
      keep: ({ actor, publication: { audience: _, ...publication } }) => ({ actor, publication }),
    },
  ]),
  ...on(deviceAdded, [
    {
      type: "device.added",
      category: "security",
      subject: ({ device }) => device.id,
      audience: ({ memberId }) => [{ memberId, participantId: null, email: null, name: null }],
      channels: ["realtime", "email"],
      keep: ({ device }) => ({ device }),
    },
  ]),
  ...on(mailStopped, [
    {
      type: "mail.stopped",
      category: "security",
      subject: ({ memberId }) => memberId,
      audience: ({ memberId }) => [{ memberId, participantId: null, email: null, name: null }],
      channels: ["realtime", "push"],
      keep: ({ address, reason, detail }) => ({ address, reason, detail }),
    },
  ]),
  ...on(jiraIssueCreated, [{ type: "jira.issue.created", ...linked }]),
  ...on(jiraIssueUpdated, [{ type: "jira.issue.updated", ...linked }]),
  ...on(jiraIssueDeleted, [{ type: "jira.issue.deleted", ...linked }]),
  ...on(jiraCommentCreated, [{ type: "jira.comment.created", ...linked }]),
  ...on(pluginEventHappened, [{ type: "plugin.event", ...linked }]),
  ...on(connectionBroken, [
    {
      type: "connection.broken",
      category: "integrations",
      subject: ({ connection }) => connection.id,
      audience: () => ({ roles: ["owner", "admin"] }),
      channels: ["realtime", "email", "push"],
      keep: brokenOf,
    },
  ]),
  ...on(accountUnlinked, [
    {
      type: "account.unlinked",
      category: "integrations",
      subject: ({ plugin, memberId }) => `${plugin}:${memberId}`,
      audience: ({ memberId }) => ({ memberIds: [memberId] }),
      channels: ["realtime", "email", "push"],
      keep: unlinkedOf,
    },
  ]),
  ...on(subscriptionPaused, [
    {
      type: "subscription.paused",
      category: "integrations",
      subject: ({ endpoint }) => endpoint.id,
      // Somebody has to hear of it, also when whoever set it up has left.
      audience: ({ ownerId }) => ({ memberIds: [ownerId], otherwiseRoles: ["owner", "admin"] }),
      channels: ["realtime", "email", "push"],
      keep: pausedOf,
    },
  ]),
  ...on(articlePublished, [
    { type: "article.mentioned", category: "mentions", ...news, audience: mentioned.audience, keep: articleKept },
    {
      type: "article.published",
      category: "news",
      ...news,
      audience: ({ article: { workspaceIds, authorId, id, feed }, notify, mentioned: named }) =>
        notify ? { workspaceIds, exceptMemberIds: [authorId, ...named], withoutMutersOf: [id, feed.id] } : {},
      keep: articleKept,
    },
  ]),
  ...on(articleUpdated, [{ type: "article.mentioned", category: "mentions", ...news, audience: mentioned.audience, keep: articleKept }]),
  ...on(commentAdded, [
    { type: "comment.mentioned", category: "mentions", ...commented, ...mentioned },
    {
      type: "comment.replied",
      category: "comments",
      ...commented,
      audience: ({ article, repliedTo, mentioned: named }) => ({
        memberIds: repliedTo === null ? [] : [repliedTo],
        within: article.workspaceIds,
        exceptMemberIds: named,
        withoutMutersOf: [article.id],
      }),
      mergeKey: conversation,
    },
    {
      type: "comment.added",
      category: "comments",
      ...commented,
      audience: ({ article, repliedTo, mentioned: named }) => ({
        memberIds: [article.authorId],
        followersOf: [article.id, article.feed.id],
        within: article.workspaceIds,
        exceptMemberIds: [...named, ...(repliedTo === null ? [] : [repliedTo])],
        withoutMutersOf: [article.id],
      }),
      mergeKey: conversation,
    },
  ]),
  ...on(commentEdited, [{ type: "comment.mentioned", category: "mentions", ...commented, ...mentioned }]),
  ...on(articleLiked, [
    {
      type: "article.liked",
      category: "likes",
      ...news,
      subject: ({ article, comment }) => comment?.id ?? article.id,
      thread: ({ article }) => likesThread(article.id),
      audience: ({ article, authorId }) => ({ memberIds: [authorId], within: article.workspaceIds, withoutMutersOf: [article.id] }),
      channels: ["realtime"],
      keep: likeKept,
    },
  ]),
  ...on(acknowledgementDue, [
    {
      type: "article.acknowledgement-due",
      category: "reminders",
      ...news,
      audience: ({ article, memberIds }) => ({ memberIds, within: article.workspaceIds }),
      keep: dueKept,
    },
  ]),
];

/** Types that have a row in the inbox. */
export type CatalogType = (typeof catalog)[number]["type"];
export type NotificationType = CatalogType | BundleType;

/** Mails and pushes that gather what was held; they have no event and no row in the inbox. */
export const bundleTypes = ["bundle.daily", "bundle.weekly", "bundle.released"] as const;
export type BundleType = (typeof bundleTypes)[number];

/** Types whose mail carries a calendar part. A calendar reads one event a mail (RFC 6047), so these are never gathered. */
export const calendarTypes: ReadonlySet<string> = new Set<CatalogType>(["meeting.invited", "meeting.updated", "meeting.removed", "meeting.cancelled"]);

export const notificationTypes = [...new Set(catalog.map((row) => row.type))];
export const catalogEvents = [...new Set(catalog.map((row) => row.event))];

function attendee({ attendeeId, memberId, email, name }: Participant): Recipient {
  return { memberId, participantId: attendeeId, email, name };
}

/** What a catalog row makes of one event. */
export interface Told {
  type: string;
  category: Category;
  channels: readonly ChannelName[];
  id: string | null;
  subjectId: string;
  thread: string;
  workspaceId: string | null;
  actorId: string | null;
  audience: Recipient[] | AudienceSpec;
  expiresAt: Date | null;
  facts: Record<string, unknown>;
  mergeSeconds: number;
  mergeKeyOf(recipient: Recipient): string | null;
}

/** A row whose payload is checked against its event's contract. */
export interface CatalogRow<Type extends string = string> {
  event: string;
  type: Type;
  /** @throws ZodError when the payload breaks the contract of its event. */
  read(payload: unknown): Told;
}

/** Binds rows to the event that causes them, so that each row's functions know that event's payload. */
function on<const Type extends string, Schema extends z.ZodType<Record<string, unknown>>>(
  event: EventContract<string, Schema>,
  rows: Row<Type, z.output<Schema>>[],
): CatalogRow<Type>[] {
  return rows.map((row) => ({
    event: event.name,
    type: row.type,
    read(input) {
      const payload = event.schema.parse(input);
      return {
        type: row.type,
        category: typeof row.category === "function" ? row.category(payload) : row.category,
        channels: typeof row.channels === "function" ? row.channels(payload) : row.channels,
        id: row.id?.(payload) ?? null,
        subjectId: row.subject(payload),
        thread: (row.thread ?? row.subject)(payload),
        workspaceId: row.workspace?.(payload) ?? null,
        actorId: actorOf(payload),
        audience: row.audience(payload),
        expiresAt: row.expires?.(payload) ?? null,
        facts: row.keep(payload),
        mergeSeconds: row.mergeSeconds?.(payload) ?? 0,
        mergeKeyOf: (recipient) => row.mergeKey?.(payload, recipient) ?? null,
      };
    },
  }));
}

function actorOf(payload: Record<string, unknown>): string | null {
  const actor = payload.actor;
  if (typeof actor !== "object" || actor === null || !("memberId" in actor)) return null;
  return typeof actor.memberId === "string" ? actor.memberId : null;
}
