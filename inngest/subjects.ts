import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import type { Tenant } from "@/lib/platform/db/client";
import { articlesAsTheyStand, type AboutToRead, type ArticleNow } from "@/lib/feed/news/queries";
import { meetingResponded, meetingStarting } from "@/lib/meetings/events";
import { prepareMeetingMails } from "@/lib/meetings/mails/commands";
import { meetingReminderMails, meetingsAsTheyStand, meetingStandings, type MeetingNow, type SaidOfMeeting } from "@/lib/meetings/mails/queries";
import { connectionsOf } from "@/lib/integrations/connections/queries";
import { accountUnlinked, connectionBroken, subscriptionPaused } from "@/lib/integrations/events";
import { brokenNow, linkedNow, pausedNow } from "@/lib/integrations/news/queries";
import { joinUrl, memberInvited, memberJoined } from "@/lib/organizations/events";
import { openInvitations } from "@/lib/organizations/invitations/queries";
import { organizationNamed } from "@/lib/organizations/queries";
import type { Applies, Resolution, Resolve, Subjects, Told } from "@/lib/notifications/channels/channel";
import type { BundleType, NotificationType } from "@/lib/notifications/catalog";
import type { ClaimedDelivery } from "@/lib/notifications/deliveries/commands";
import { coveredNotifications, recipientProfiles } from "@/lib/notifications/deliveries/queries";
import { devicesById } from "@/lib/notifications/devices/queries";
import { alreadyMailed } from "@/lib/notifications/digests/mailed/queries";
import { bundleItems, toldOf, unseenInBundles, type BundleItem, type UnseenItem } from "@/lib/notifications/digests/queries";
import { deviceAdded } from "@/lib/notifications/events";
import { coveredHappenings } from "@/lib/notifications/plugin-events/queries";
import type { Happening } from "@/lib/notifications/plugin-events/rules";
import { publishedWords } from "@/lib/notifications/publications/queries";
import type { BundleContent, CommentsContent, Content, MeetingAnswer, NewsArticle } from "@/lib/notifications/templates/content";
import type { Matter } from "@/lib/notifications/templates/matter";
import { mutedTopics } from "@/lib/notifications/topics/queries";

type Loader = (tenant: Tenant, deliveries: ClaimedDelivery[]) => Promise<[string, Resolution][]>;

/** Where each type of notification finds what it has to say when its mail is sent. Types without mail are absent. */
const loaders: Partial<Record<NotificationType, Loader>> = {
  "meeting.invited": meetingMails,
  "meeting.updated": meetingMails,
  "meeting.removed": meetingMails,
  "meeting.cancelled": meetingMails,
  "meeting.responded": answers,
  "meeting.reminder": reminders,
  "member.invited": memberInvitations,
  "member.joined": newMembers,
  "notification.published": publications,
  "device.added": newDevices,
  "jira.issue.created": linkedNews("issue-created"),
  "jira.issue.updated": linkedNews("issue-updated"),
  "jira.issue.deleted": linkedNews("issue-deleted"),
  "jira.comment.created": linkedNews("comment-created"),
  "plugin.event": linkedNews("plugin-event"),
  "connection.broken": brokenConnections,
  "account.unlinked": unlinkedAccounts,
  "subscription.paused": pausedEndpoints,
  "article.published": articles("article-published"),
  "article.mentioned": articles("article-mentioned"),
  "comment.added": comments,
  "comment.replied": comments,
  "comment.mentioned": comments,
  "article.acknowledgement-due": articles("acknowledgement-due"),
  "bundle.daily": bundles,
  "bundle.weekly": bundles,
  "bundle.released": bundles,
};

const resolve: Resolve = async (tenant, type, deliveries) => new Map(await loaders[type]?.(tenant, deliveries));

type Asker = (tenant: Tenant, told: Told[]) => Promise<[string, string][]>;

/** Which types can come to hold no longer, and who knows. Everything else holds for good. */
const askers: Partial<Record<NotificationType, Asker>> = {
  "meeting.invited": noLongerOf("invited"),
  "meeting.updated": noLongerOf("updated"),
  "meeting.removed": noLongerOf("removed"),
  "meeting.cancelled": noLongerOf("cancelled"),
  "meeting.responded": noLongerOf("responded"),
  "meeting.reminder": noLongerOf("reminder"),
  "member.invited": closedInvitations,
  "notification.published": cancelledPublications,
  "device.added": endedDevices,
  "jira.issue.created": disconnected,
  "jira.issue.updated": disconnected,
  "jira.issue.deleted": disconnected,
  "jira.comment.created": disconnected,
  "plugin.event": disconnected,
  "connection.broken": mendedConnections,
  "account.unlinked": linkedAccounts,
  "subscription.paused": resumedEndpoints,
  "article.published": noNews("article.published"),
  "article.mentioned": noNews("article.mentioned"),
  "comment.added": noNews("comment.added"),
  "comment.replied": noNews("comment.replied"),
  "comment.mentioned": noNews("comment.mentioned"),
  "article.liked": noNews("article.liked"),
  "article.acknowledgement-due": noNews("article.acknowledgement-due"),
};

const applies: Applies = async (tenant, type, deliveries) => {
  if (isBundle(type)) {
    const left = await itemsLeft(tenant, deliveries.map(({ id }) => id));
    return new Map(deliveries.flatMap(({ id }) => (left.get(id)?.length ? [] : [[id, "empty"]])));
  }
  return new Map(await askers[type]?.(tenant, deliveries));
};

export const subjects: Subjects = { resolve, applies };

const isBundle = (type: NotificationType): type is BundleType => type.startsWith("bundle.");

/** Says what the meeting's state leaves to be said, whichever change asked for the mail. */
async function meetingMails(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const mails = await prepareMeetingMails(tenant, requestsOf(deliveries));
  return mails.map((mail) => [mail.deliveryId, resolutionOf(mail)]);
}

function resolutionOf(mail: Awaited<ReturnType<typeof prepareMeetingMails>>[number]): Resolution {
  switch (mail.kind) {
    case "skip":
      return { skip: mail.reason };
    case "invited":
      return { content: { template: "meeting-invited", data: mail } };
    case "cancelled":
      return { content: { template: "meeting-cancelled", data: mail } };
    case "removed":
      return { content: { template: "meeting-removed", data: mail } };
    case "updated":
      return mail.before ? { content: { template: "meeting-updated", data: { ...mail, before: mail.before } } } : { skip: "never-told" };
  }
}

async function reminders(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = meetingStarting.schema.pick({ meeting: true });
  const sequences = new Map(deliveries.map(({ id, payload }) => [id, facts.parse(payload).meeting.sequence]));
  const mails = await meetingReminderMails(
    tenant,
    requestsOf(deliveries).map((request) => ({ ...request, sequence: sequences.get(request.deliveryId) ?? 0 })),
  );
  return mails.map((mail) => [
    mail.deliveryId,
    mail.kind === "skip" ? { skip: mail.reason } : { content: { template: "meeting-reminder", data: mail } },
  ]);
}

/** Lists every answer since the last such mail: those of the deliveries that this one overtook, and its own. */
async function answers(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const covered = await coveredNotifications(tenant, deliveries.map(({ id }) => id));
  const standings = await meetingStandings(tenant, deliveries.map(({ subjectId }) => subjectId));
  return deliveries.map(({ id, subjectId }) => {
    const standing = standings.get(subjectId);
    if (!standing) return [id, { skip: "removed" }];
    const given = lastAnswers((covered.get(id) ?? []).map(({ payload }) => payload));
    return [id, { content: { template: "meeting-answers", data: { ...standing, answers: given } } }];
  });
}

/** Somebody who changed their mind twice is listed once, with what they said last. */
function lastAnswers(payloads: Record<string, unknown>[]): MeetingAnswer[] {
  const facts = meetingResponded.schema.omit({ mergeSeconds: true });
  const byAttendee = new Map<string, MeetingAnswer>();
  for (const { attendee, partstat, comment, meeting } of payloads.map((payload) => facts.parse(payload))) {
    byAttendee.set(attendee.attendeeId, { name: attendee.name, email: attendee.email, partstat, comment, forStartsAt: new Date(meeting.startsAt) });
  }
  return [...byAttendee.values()];
}

async function memberInvitations(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = memberInvited.schema.pick({ actor: true, organization: true, invitation: true });
  const open = await openInvitations(tenant, deliveries.map(({ subjectId }) => subjectId));
  return deliveries.map(({ id, payload }) => {
    const { actor, organization, invitation } = facts.parse(payload);
    if (open.get(invitation.id) !== invitation.generation) return [id, { skip: open.has(invitation.id) ? "superseded" : "closed" }];
    const data = {
      inviterName: actor.name,
      organizationName: organization.name,
      joinUrl: joinUrl(invitation),
      expiresAt: new Date(invitation.expiresAt),
      email: invitation.email,
    };
    return [id, { content: { template: "member-invited", data, locale: invitation.locale } }];
  });
}

const requestsOf = (deliveries: ClaimedDelivery[]) =>
  deliveries.flatMap(({ id, participantId }) => (participantId ? [{ attendeeId: participantId, deliveryId: id }] : []));

async function newMembers(_: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = memberJoined.schema.pick({ organization: true, member: true });
  return deliveries.map(({ id, payload }) => {
    const { organization, member } = facts.parse(payload);
    const data = { memberName: member.name, memberEmail: member.email, organizationName: organization.name, organizationSlug: organization.slug };
    return [id, { content: { template: "member-joined", data } }];
  });
}

async function publications(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const words = await publishedWords(tenant, deliveries.map(({ subjectId }) => subjectId));
  return deliveries.map(({ id, subjectId, memberId }) => {
    const said = words.get(subjectId);
    return [id, said ? { content: { template: "notification-published", data: { ...said, isMember: memberId !== null } } } : { skip: "cancelled" }];
  });
}

async function newDevices(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = deviceAdded.schema.pick({ device: true });
  const organization = await organizationNamed(tenant);
  const profiles = await recipientProfiles(tenant, deliveries.flatMap(({ memberId }) => memberId ?? []));
  return deliveries.map(({ id, payload, occurredAt, memberId }) => {
    const { device } = facts.parse(payload);
    const email = profiles.get(memberId ?? "")?.email ?? "";
    const data = { deviceName: device.name, addedAt: occurredAt, organizationName: organization.name, organizationSlug: organization.slug, email };
    return [id, { content: { template: "device-added", data } }];
  });
}

/** Lists every event since the last such mail: those of the deliveries that this one overtook, and its own. */
function linkedNews(template: Extract<Content, { data: { happened: Happening[] } }>["template"]): Loader {
  return async (tenant, deliveries) => {
    const ended = new Map(await disconnected(tenant, deliveries));
    const covered = await coveredHappenings(tenant, deliveries.map(({ id }) => id));
    const { slug } = await organizationNamed(tenant);
    return deliveries.map(({ id, subjectId }) => {
      const skip = ended.get(id);
      if (skip) return [id, { skip }];
      return [id, { content: { template, data: { happened: covered.get(id) ?? [], subjectId, organizationSlug: slug } } }];
    });
  };
}

async function brokenConnections(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = connectionBroken.schema.omit({ connection: true }).extend({ connection: z.object({ id: z.string(), name: z.string() }) });
  const mended = new Map(await mendedConnections(tenant, deliveries));
  const organization = await organizationNamed(tenant);
  return deliveries.map(({ id, payload }) => {
    const skip = mended.get(id);
    if (skip) return [id, { skip }];
    const { since, ...broken } = facts.parse(payload);
    return [id, { content: { template: "connection-broken", data: { ...broken, since: new Date(since), organizationName: organization.name, organizationSlug: organization.slug } } }];
  });
}

async function unlinkedAccounts(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = accountUnlinked.schema.pick({ accountName: true, detail: true });
  const linked = new Map(await linkedAccounts(tenant, deliveries));
  const organization = await organizationNamed(tenant);
  return deliveries.map(({ id, payload }) => {
    const skip = linked.get(id);
    if (skip) return [id, { skip }];
    return [id, { content: { template: "account-unlinked", data: { ...facts.parse(payload), organizationName: organization.name, organizationSlug: organization.slug } } }];
  });
}

/** Says how much is kept by now, which is more than when it was paused. */
async function pausedEndpoints(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = subscriptionPaused.schema.pick({ endpoint: true, detail: true, event: true, payload: true }).extend({ cause: subscriptionPaused.schema.shape.reason });
  const paused = await pausedNow(tenant, deliveries.map(({ subjectId }) => subjectId));
  const organization = await organizationNamed(tenant);
  return deliveries.map(({ id, subjectId, payload }) => {
    const now = paused.get(subjectId);
    if (!now) return [id, { skip: "resumed" }];
    const data = { ...facts.parse(payload), waiting: now.waiting, organizationName: organization.name, organizationSlug: organization.slug };
    return [id, { content: { template: "subscription-paused", data } }];
  });
}

/** Everything that is still worth telling of what was held, as it stands now; nothing at all when nothing is. */
async function bundles(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const organization = await organizationNamed(tenant);
  const left = await itemsLeft(tenant, deliveries.map(({ id }) => id));
  const readers = new Map(deliveries.map(({ id, memberId }) => [id, memberId]));
  const mailed = await alreadyMailed(
    tenant,
    [...left].flatMap(([id, items]) => {
      const memberId = readers.get(id);
      return memberId ? items.map((item) => ({ ...item, memberId })) : [];
    }),
  );
  const unseen = await unseenNow(tenant, deliveries.map(({ id }) => id));
  return deliveries.map(({ id, type }) => {
    const items = (left.get(id) ?? []).filter(({ deliveryId }) => !mailed.has(deliveryId));
    if (items.length === 0) return [id, { skip: "empty" }];
    const data = {
      kind: kindOf(type),
      organizationName: organization.name,
      organizationSlug: organization.slug,
      items: items.map((item) => {
        const happened = unseen.get(id)?.get(item.thread) ?? [];
        return {
          matter: { type: item.type, payload: item.facts, occurredAt: item.occurredAt },
          happened,
          // What meant its reader is not to be missed among what only came after it.
          category: isPersonal(happened) ? ("mentions" as const) : item.category,
          count: item.count,
          subjectId: item.subjectId,
        };
      }),
    };
    return [id, { content: { template: "bundle", data } }];
  });
}

/** What a digest tells together, without what holds no longer. */
async function unseenNow(tenant: Tenant, bundleIds: string[]): Promise<Map<string, Map<string, Matter[]>>> {
  const unseen = await unseenInBundles(tenant, bundleIds);
  const over = await noLonger(tenant, [...unseen.values()].flatMap((threads) => [...threads.values()].flat()));
  const matterOf = ({ type, facts, occurredAt }: UnseenItem): Matter => ({ type, payload: facts, occurredAt });
  const left = (items: UnseenItem[]) => items.filter(({ deliveryId }) => !over.has(deliveryId)).map(matterOf);
  return new Map([...unseen].map(([id, threads]) => [id, new Map([...threads].map(([thread, items]) => [thread, left(items)]))]));
}

const personal = z.object({ personally: z.string() });
const isPersonal = (happened: Matter[]) => happened.some(({ type, payload }) => type === "comment.mentioned" || personal.safeParse(payload).success);

const kindOf = (type: NotificationType): BundleContent["kind"] => (type === "bundle.daily" ? "daily" : type === "bundle.weekly" ? "weekly" : "released");

/** What bundles cover that is neither read nor over, newest first, with the facts of meetings as they are now. */
async function itemsLeft(tenant: Tenant, bundleIds: string[]): Promise<Map<string, BundleItem[]>> {
  const covered = await bundleItems(tenant, bundleIds);
  const now = clock.now();
  const open = [...covered.values()].flat().filter(({ readAt, expiresAt }) => !readAt && (!expiresAt || expiresAt > now));
  const over = await noLonger(tenant, open);
  const still = open.filter(({ deliveryId }) => !over.has(deliveryId));
  const meetings = await currentMeetings(tenant, still);
  const fresh = new Map(still.map((item) => [item.deliveryId, { ...item, facts: { ...item.facts, ...meetings.get(item.deliveryId) } }]));
  return new Map([...covered].map(([id, items]) => [id, items.flatMap(({ deliveryId }) => fresh.get(deliveryId) ?? []).reverse()]));
}

async function noLonger(tenant: Tenant, items: UnseenItem[]): Promise<Map<string, string>> {
  const over = new Map<string, string>();
  for (const type of new Set(items.map((item) => item.type))) {
    const told = items.filter((item) => item.type === type).map(toldOf);
    for (const [id, reason] of (await askers[type]?.(tenant, told)) ?? []) over.set(id, reason);
  }
  return over;
}

async function currentMeetings(tenant: Tenant, items: BundleItem[]): Promise<Map<string, { meeting: object }>> {
  const about = items.flatMap(({ type, deliveryId, participantId, facts }) => {
    const told = { id: deliveryId, participantId, payload: facts };
    return type.startsWith("meeting.") ? saidOf("updated", [told]) : [];
  });
  const now = about.length > 0 ? await meetingsAsTheyStand(tenant, about) : [];
  const before = new Map(items.map(({ deliveryId, facts }) => [deliveryId, facts.meeting]));
  return new Map(
    now.flatMap(({ deliveryId, facts }): [string, { meeting: object }][] => (facts ? [[deliveryId, { meeting: { ...asObject(before.get(deliveryId)), ...facts } }]] : [])),
  );
}

const asObject = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});

const meetingSequence = z.object({ meeting: z.object({ sequence: z.number().int() }) });

function saidOf(said: SaidOfMeeting["said"], told: Omit<Told, "subjectId" | "memberId">[]): SaidOfMeeting[] {
  return told.flatMap(({ id, participantId, payload }) => {
    const facts = meetingSequence.safeParse(payload);
    return participantId ? [{ attendeeId: participantId, deliveryId: id, said, sequence: facts.success ? facts.data.meeting.sequence : 0 }] : [];
  });
}

function noLongerOf(said: SaidOfMeeting["said"]): Asker {
  return async (tenant, told) => reasonsOf(await meetingsAsTheyStand(tenant, saidOf(said, told)));
}

const reasonsOf = (meetings: MeetingNow[]) => meetings.flatMap(({ deliveryId, reason }): [string, string][] => (reason ? [[deliveryId, reason]] : []));

async function closedInvitations(tenant: Tenant, told: Told[]): Promise<[string, string][]> {
  const open = await openInvitations(tenant, told.map(({ subjectId }) => subjectId));
  return told.flatMap(({ id, subjectId }): [string, string][] => (open.has(subjectId) ? [] : [[id, "closed"]]));
}

async function cancelledPublications(tenant: Tenant, told: Told[]): Promise<[string, string][]> {
  const words = await publishedWords(tenant, told.map(({ subjectId }) => subjectId));
  return told.flatMap(({ id, subjectId }): [string, string][] => (words.has(subjectId) ? [] : [[id, "cancelled"]]));
}

async function endedDevices(tenant: Tenant, told: Told[]): Promise<[string, string][]> {
  const devices = await devicesById(tenant, told.map(({ subjectId }) => subjectId));
  return told.flatMap(({ id, subjectId }): [string, string][] => (devices.get(subjectId)?.ended === false ? [] : [[id, "device-ended"]]));
}

/** Who ended a link wants to hear no more of what is beyond it. */
async function disconnected(tenant: Tenant, told: Pick<Told, "id" | "payload">[]): Promise<[string, string][]> {
  const connected = new Set((await connectionsOf(tenant)).map(({ id }) => id));
  return told.flatMap(({ id, payload }): [string, string][] => (connected.has(linkedTo.parse(payload).connection.id) ? [] : [[id, "disconnected"]]));
}

const linkedTo = z.object({ connection: z.object({ id: z.string() }) });

async function mendedConnections(tenant: Tenant, told: Pick<Told, "id" | "subjectId" | "payload">[]): Promise<[string, string][]> {
  const broken = await brokenNow(tenant, told.map(({ subjectId }) => subjectId));
  const facts = connectionBroken.schema.pick({ cause: true });
  return told.flatMap(({ id, subjectId, payload }): [string, string][] => {
    const now = broken.get(subjectId);
    if (!now) return [[id, "disconnected"]];
    return now[facts.parse(payload).cause] ? [] : [[id, "mended"]];
  });
}

async function linkedAccounts(tenant: Tenant, told: Pick<Told, "id" | "subjectId">[]): Promise<[string, string][]> {
  const people = told.map(({ subjectId }) => ({ plugin: subjectId.slice(0, subjectId.indexOf(":")), memberId: subjectId.slice(subjectId.indexOf(":") + 1) }));
  const linked = await linkedNow(tenant, people);
  return told.flatMap(({ id, subjectId }): [string, string][] => (linked.has(subjectId) ? [[id, "linked"]] : []));
}

async function resumedEndpoints(tenant: Tenant, told: Pick<Told, "id" | "subjectId">[]): Promise<[string, string][]> {
  const paused = await pausedNow(tenant, told.map(({ subjectId }) => subjectId));
  return told.flatMap(({ id, subjectId }): [string, string][] => (paused.has(subjectId) ? [] : [[id, "resumed"]]));
}

const newsOf = z.object({
  actor: z.object({ name: z.string() }),
  article: z.object({ id: z.string() }),
  comment: z.object({ id: z.string() }).nullish(),
});

const aboutToRead = (id: string, memberId: string, payload: Record<string, unknown>): AboutToRead => {
  const { article, comment } = newsOf.parse(payload);
  return { id, memberId, articleId: article.id, commentId: comment?.id ?? null };
};

const article = (articleId: string, { title, excerpt, authorName, workspaceName, feedName }: ArticleNow): NewsArticle => ({ id: articleId, title, excerpt, authorName, workspaceName, feedName });

/** Topics whose mute silences a type; a mention and what its author asks of everybody pass every mute. */
function silencedBy(type: NotificationType, payload: Record<string, unknown>, stands: ArticleNow | undefined): string[] {
  const { id } = newsOf.parse(payload).article;
  if (type === "article.published") return [id, ...(stands ? [stands.feedId] : [])];
  return type === "comment.added" || type === "comment.replied" || type === "article.liked" ? [id] : [];
}

interface NewsTold {
  id: string;
  type: NotificationType;
  memberId: string;
  payload: Record<string, unknown>;
}

/** What has become of the articles and comments of some news, and for which of it there is nothing to tell any more. */
async function newsNow(tenant: Tenant, told: NewsTold[]): Promise<{ now: Map<string, ArticleNow>; over: Map<string, string> }> {
  const now = await articlesAsTheyStand(tenant, told.map(({ id, memberId, payload }) => aboutToRead(id, memberId, payload)));
  const muted = await mutedTopics(tenant, told.flatMap(({ id, type, memberId, payload }) => silencedBy(type, payload, now.get(id)).map((topic) => ({ memberId, topic }))));
  const over = new Map<string, string>();
  for (const { id, type, memberId, payload } of told) {
    const stands = now.get(id);
    if (!stands) over.set(id, "deleted");
    else if (stands.over) over.set(id, stands.over);
    else if (type === "article.acknowledgement-due" && stands.acknowledged) over.set(id, "acknowledged");
    else if (silencedBy(type, payload, stands).some((topic) => muted.has(`${memberId} ${topic}`))) over.set(id, "thread-muted");
  }
  return { now, over };
}

function noNews(type: NotificationType): Asker {
  return async (tenant, told) => {
    const members = told.flatMap(({ id, memberId, payload }) => (memberId ? [{ id, type, memberId, payload }] : []));
    return [...(await newsNow(tenant, members)).over];
  };
}

/** Says the article as it stands for this reader, whatever it was when it was published. */
function articles(template: Extract<Content, { data: { mustRead: unknown } }>["template"]): Loader {
  return async (tenant, deliveries) => {
    const told = deliveries.flatMap(({ id, type, memberId, payload }) => (memberId ? [{ id, type, memberId, payload }] : []));
    const { now, over } = await newsNow(tenant, told);
    const { slug } = await organizationNamed(tenant);
    return told.map(({ id, payload }) => {
      const [stands, skip] = [now.get(id), over.get(id)];
      if (!stands || skip) return [id, { skip: skip ?? "deleted" }];
      const facts = newsOf.parse(payload);
      const data = { article: article(facts.article.id, stands), mustRead: stands.mustRead, organizationSlug: slug };
      return [id, { content: template === "article-mentioned" ? { template, data: { ...data, actorName: facts.actor.name } } : { template, data } }];
    });
  };
}

/** Lists every comment since the last such mail that is still there: those of the deliveries that this one overtook, and its own. */
async function comments(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const covered = await coveredNotifications(tenant, deliveries.map(({ id }) => id));
  const { slug } = await organizationNamed(tenant);
  const rows = deliveries.flatMap(({ id, memberId }) =>
    (covered.get(id) ?? []).flatMap(({ type, payload }, place): (NewsTold & { delivery: string })[] =>
      // Only the catalog writes types.
      memberId ? [{ id: `${id} ${place}`, delivery: id, type: type as NotificationType, memberId, payload }] : [],
    ),
  );
  const { now, over } = await newsNow(tenant, rows);
  return deliveries.map(({ id, memberId }) => {
    const mine = rows.filter((row) => row.delivery === id).reverse();
    const left = mine.flatMap((row) => {
      const stands = now.get(row.id);
      return stands?.comment && !over.has(row.id) ? [{ ...row, stands, said: stands.comment, facts: newsOf.parse(row.payload) }] : [];
    });
    const [newest] = left;
    if (!newest) return [id, { skip: over.get(mine[0]?.id ?? "") ?? "deleted" }];
    const said = left.map(({ type, said: { authorName, text, createdAt }, facts }): CommentsContent["said"][number] => ({
      commentId: facts.comment?.id ?? "",
      name: authorName,
      words: text,
      at: createdAt,
      kind: commentKind(type),
    }));
    const kinds = new Set(said.map(({ kind }) => kind));
    const why = kinds.has("mentioned") ? "mentioned" : kinds.has("replied") ? "replied" : newest.stands.authorId === memberId ? "wrote" : "follow";
    const data: CommentsContent = { article: article(newest.facts.article.id, newest.stands), said, why, organizationSlug: slug };
    return [id, { content: { template: `comment-${commentKind(newest.type)}` as const, data } }];
  });
}

const commentKind = (type: NotificationType): CommentsContent["said"][number]["kind"] =>
  type === "comment.mentioned" ? "mentioned" : type === "comment.replied" ? "replied" : "added";
