import { z } from "zod";
import { articleDeleted, articlePublished, articleUpdated, commentAdded, type ArticleFacts } from "@/lib/feed/events";
import { connectionBroken, connectionEstablished, subscriptionPaused } from "../../events";
import { meetingCancelled, meetingRescheduled, meetingResponded, meetingScheduled, meetingStarting } from "@/lib/meetings/events";
import { memberInvited, memberJoined, memberRemoved } from "@/lib/organizations/events";
import type { EventContract } from "@/lib/platform/outbox/outbox";
import type { productEvents } from "../../subscriptions/inputs";

/**
 * The public form of the product's own events, apart from the contracts between its parts, which may change with them. It holds what a
 * program needs to act on and to ask the API with. People are named by id and name: the addresses of those whom somebody invited to a
 * meeting, and the link that opens its room, are not for whoever reads along. A further `version` is made when a field changes its sense;
 * fields may be added to one at any time.
 */
const version = z.literal(1).meta({ description: "Of this payload; fields may be added to it" });
const person = z.strictObject({ memberId: z.string().nullable().meta({ description: "Null for somebody from outside" }), name: z.string().nullable() });
const instant = z.iso.datetime().meta({ description: "Instant in UTC, RFC 3339" });

const meeting = z.strictObject({
  id: z.string(),
  title: z.string(),
  startsAt: instant,
  endsAt: instant,
  timeZone: z.string().meta({ description: "IANA name" }),
  location: z.string(),
  sequence: z.int().meta({ description: "Rises with every change of time or place (RFC 5545)" }),
  organizer: person,
});
const joined = z.strictObject({ id: z.string(), name: z.string(), email: z.string() });
const connection = z.strictObject({ id: z.string(), plugin: z.string(), name: z.string() });
const article = z.strictObject({
  id: z.string(),
  title: z.string(),
  version: z.int().meta({ description: "Rises with every publication of it" }),
  author: person,
  feed: z.strictObject({ id: z.string(), name: z.string().nullable().meta({ description: "Null for a workspace's first feed" }) }),
  workspace: z.strictObject({ id: z.string(), name: z.string() }),
  workspaceIds: z.array(z.string()).meta({ description: "Every workspace whose members may read it" }),
});

type Schema = z.ZodType<Record<string, unknown>>;

export interface ProductEvent {
  /** What it is told about: nothing of an entity overtakes what came before it. */
  entity: string;
  data: Record<string, unknown>;
}

export interface PublicForm {
  summary: string;
  data: Schema;
  of(payload: Record<string, unknown>): ProductEvent;
}

function form<Contract extends EventContract<string, Schema>, Data extends Schema>(
  contract: Contract,
  summary: string,
  data: Data,
  of: (payload: z.output<Contract["schema"]>) => { entity: string; data: Omit<z.input<Data>, "version"> },
): PublicForm {
  return {
    summary,
    data,
    of: (payload) => {
      const made = of(contract.schema.parse(payload) as z.output<Contract["schema"]>);
      return { entity: made.entity, data: data.parse({ version: 1, ...made.data }) };
    },
  };
}

type MeetingFacts = z.output<typeof meetingScheduled.schema>["meeting"];
type Someone = { memberId: string | null; name: string | null };

const personOf = ({ memberId, name }: Someone): Someone => ({ memberId, name });
const peopleOf = (people: Someone[]) => people.map(personOf);
const meetingOf = ({ id, title, startsAt, endsAt, timeZone, location, sequence, organizer }: MeetingFacts) => ({
  id,
  title,
  startsAt,
  endsAt,
  timeZone,
  location,
  sequence,
  organizer: personOf(organizer),
});
const about = (facts: MeetingFacts) => `meeting:${facts.id}`;

/** What it is called and where it stands. Its words are for those who may read it, and are asked for with their right. */
const articleOf = ({ id, title, version: number, authorId, authorName, feed, workspace, workspaceIds }: ArticleFacts) => ({
  id,
  title,
  version: number,
  author: { memberId: authorId, name: authorName },
  feed: { id: feed.id, name: feed.name },
  workspace: { id: workspace.id, name: workspace.name },
  workspaceIds,
});
const aboutArticle = ({ id }: { id: string }) => `article:${id}`;

export const publicForms: Record<(typeof productEvents)[number], PublicForm> = {
  "meeting.scheduled": form(
    meetingScheduled,
    "A meeting was booked",
    z.strictObject({ version, actor: person, meeting, attendees: z.array(person) }),
    (said) => ({ entity: about(said.meeting), data: { actor: personOf(said.actor), meeting: meetingOf(said.meeting), attendees: peopleOf(said.attendees) } }),
  ),
  "meeting.rescheduled": form(
    meetingRescheduled,
    "A meeting was moved or edited",
    z.strictObject({
      version,
      actor: person,
      meeting,
      before: z.strictObject({ title: z.string(), startsAt: instant, endsAt: instant, timeZone: z.string(), location: z.string() }),
      changes: z.array(z.string()).meta({ description: "`time`, `place`, `title` or `description`" }),
      added: z.array(person),
      removed: z.array(person),
    }),
    ({ actor, meeting: facts, before: { title, startsAt, endsAt, timeZone, location }, changes, added, removed }) => ({
      entity: about(facts),
      data: {
        actor: personOf(actor),
        meeting: meetingOf(facts),
        before: { title, startsAt, endsAt, timeZone, location },
        changes,
        added: peopleOf(added),
        removed: peopleOf(removed),
      },
    }),
  ),
  "meeting.cancelled": form(
    meetingCancelled,
    "A meeting was cancelled",
    z.strictObject({ version, actor: person, meeting, reason: z.string().nullable() }),
    (said) => ({ entity: about(said.meeting), data: { actor: personOf(said.actor), meeting: meetingOf(said.meeting), reason: said.reason } }),
  ),
  "meeting.responded": form(
    meetingResponded,
    "Somebody answered an invitation",
    z.strictObject({ version, meeting, attendee: person, partstat: z.string().meta({ description: "accepted, tentative, declined or needs-action (RFC 5545)" }), previous: z.string(), comment: z.string().nullable() }),
    ({ meeting: facts, attendee, partstat, previous, comment }) => ({
      entity: about(facts),
      data: { meeting: meetingOf(facts), attendee: personOf(attendee), partstat, previous, comment },
    }),
  ),
  "meeting.starting": form(
    meetingStarting,
    "A reminder fell due",
    z.strictObject({ version, meeting, minutesLeft: z.int(), recipients: z.array(person) }),
    (said) => ({ entity: about(said.meeting), data: { meeting: meetingOf(said.meeting), minutesLeft: said.minutesLeft, recipients: peopleOf(said.recipients) } }),
  ),
  "member.invited": form(
    memberInvited,
    "Somebody was invited to join",
    z.strictObject({ version, actor: person, invitation: z.strictObject({ id: z.string(), email: z.string(), role: z.string(), expiresAt: instant }) }),
    ({ actor, invitation: { id, email, role, expiresAt } }) => ({ entity: `invitation:${id}`, data: { actor: personOf(actor), invitation: { id, email, role, expiresAt } } }),
  ),
  "member.joined": form(
    memberJoined,
    "Somebody joined",
    z.strictObject({ version, member: joined, invitedBy: z.string().nullable().meta({ description: "Id of the member who invited them" }) }),
    ({ member, invitedBy }) => ({ entity: `member:${member.id}`, data: { member, invitedBy } }),
  ),
  "member.removed": form(
    memberRemoved,
    "Somebody was removed, or left",
    z.strictObject({ version, actor: person, member: joined }),
    ({ actor, member }) => ({ entity: `member:${member.id}`, data: { actor: personOf(actor), member } }),
  ),
  "connection.established": form(
    connectionEstablished,
    "A place elsewhere was connected",
    z.strictObject({ version, actor: person, connection }),
    (said) => ({ entity: `connection:${said.connection.id}`, data: { actor: personOf(said.actor), connection: said.connection } }),
  ),
  "connection.broken": form(
    connectionBroken,
    "A connection needs somebody",
    z.strictObject({ version, connection, cause: z.string().meta({ description: "`grant`: consent must be given anew. `hook`: its webhook lapsed" }), detail: z.string(), since: instant }),
    ({ connection: place, cause, detail, since }) => ({ entity: `connection:${place.id}`, data: { connection: place, cause, detail, since } }),
  ),
  "subscription.paused": form(
    subscriptionPaused,
    "An endpoint was paused because it failed for too long, or said 410 Gone",
    z.strictObject({ version, endpoint: z.strictObject({ id: z.string(), name: z.string(), url: z.string() }), reason: z.string(), detail: z.string(), waiting: z.int() }),
    ({ endpoint, reason, detail, waiting }) => ({ entity: `endpoint:${endpoint.id}`, data: { endpoint, reason, detail, waiting } }),
  ),
  "article.published": form(
    articlePublished,
    "An article was published",
    z.strictObject({ version, actor: person, article, mustRead: z.boolean().meta({ description: "Its readers are asked to confirm that they read it" }) }),
    (said) => ({ entity: aboutArticle(said.article), data: { actor: personOf(said.actor), article: articleOf(said.article), mustRead: said.mustRead !== null } }),
  ),
  "article.updated": form(
    articleUpdated,
    "A further version of an article was published",
    z.strictObject({ version, actor: person, article }),
    (said) => ({ entity: aboutArticle(said.article), data: { actor: personOf(said.actor), article: articleOf(said.article) } }),
  ),
  "article.deleted": form(
    articleDeleted,
    "An article was deleted",
    z.strictObject({ version, actor: person, article }),
    (said) => ({ entity: aboutArticle(said.article), data: { actor: personOf(said.actor), article: articleOf(said.article) } }),
  ),
  "comment.added": form(
    commentAdded,
    "Somebody commented on an article",
    z.strictObject({ version, actor: person, article, comment: z.strictObject({ id: z.string(), parentId: z.string().nullable().meta({ description: "The comment that it answers" }) }) }),
    (said) => ({
      entity: aboutArticle(said.article),
      data: { actor: personOf(said.actor), article: articleOf(said.article), comment: { id: said.comment.id, parentId: said.comment.parentId } },
    }),
  ),
};
