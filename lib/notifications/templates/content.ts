import type { Locale } from "@/lib/platform/i18n/locales";
import type { Category } from "../inputs";
import type { Happening } from "../plugin-events/rules";
import type { Matter } from "./matter";

/** What a mail says, before anybody's language: the subject's own facts, read when the mail is sent. */
export type Partstat = "needs-action" | "accepted" | "tentative" | "declined";

export interface MeetingFacts {
  id: string;
  title: string;
  description: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  location: string;
  joinUrl: string | null;
  cancelReason: string | null;
  organizer: { name: string | null; email: string };
  organizationName: string;
  organizationSlug: string;
}

export interface MeetingPerson {
  name: string | null;
  email: string;
  partstat: Partstat;
  isOrganizer: boolean;
}

/** A mail to somebody at a meeting. */
export interface MeetingContent {
  meeting: MeetingFacts;
  attendee: { email: string; name: string | null; memberId: string | null; partstat: Partstat };
  everyone: MeetingPerson[];
  rsvpToken: string;
  calendar: { method: "REQUEST" | "CANCEL"; content: string };
}

export interface MeetingChangeContent extends MeetingContent {
  /** What the reader was told last; instants as ISO text. */
  before: { title: string; description: string; startsAt: string; endsAt: string; timeZone: string; location: string; joinUrl: string | null };
  changes: ("time" | "place" | "title" | "description")[];
}

export interface MeetingAnswer {
  name: string | null;
  email: string;
  partstat: Partstat;
  comment: string | null;
  /** The start of the meeting as it stood when they answered. */
  forStartsAt: Date;
}

export interface MeetingAnswersContent {
  meeting: MeetingFacts;
  answers: MeetingAnswer[];
  totals: Record<Partstat, number>;
}

export interface MemberInvitedContent {
  inviterName: string;
  organizationName: string;
  joinUrl: string;
  expiresAt: Date;
  email: string;
}

export interface MemberJoinedContent {
  memberName: string;
  memberEmail: string;
  organizationName: string;
  organizationSlug: string;
}

export interface DeviceAddedContent {
  deviceName: string;
  addedAt: Date;
  organizationName: string;
  organizationSlug: string;
  /** Of the account, so that its owner knows which one is meant. */
  email: string;
}

/** A publication's words in one language, its variables filled in. */
export interface FilledWords {
  subject: string;
  body: string;
  button: { label: string; url: string } | null;
  line: string;
  push: { title: string; body: string };
}

export interface PublishedContent {
  publicationId: string;
  words: { en: FilledWords } & Partial<Record<Locale, FilledWords>>;
  publisherName: string;
  organizationName: string;
  organizationSlug: string;
  /** People without an account have nothing to open. */
  isMember: boolean;
}

/** What happened to one thing at a linked service, newest first. */
export interface PluginNewsContent {
  happened: Happening[];
  subjectId: string;
  organizationSlug: string;
}

export interface ConnectionBrokenContent {
  connection: { id: string; name: string };
  cause: "grant" | "hook";
  /** Their own words; may be empty. */
  detail: string;
  since: Date;
  organizationName: string;
  organizationSlug: string;
}

export interface AccountUnlinkedContent {
  accountName: string;
  detail: string;
  organizationName: string;
  organizationSlug: string;
}

export interface SubscriptionPausedContent {
  endpoint: { id: string; name: string; url: string };
  cause: "failing" | "gone";
  detail: string;
  event: string;
  /** The beginning of what it failed on. */
  payload: string;
  /** How many events are kept for it now. */
  waiting: number;
  organizationName: string;
  organizationSlug: string;
}

/** An article as it stands when the mail leaves. */
export interface NewsArticle {
  id: string;
  title: string;
  excerpt: string;
  authorName: string;
  workspaceName: string;
  /** Null is a workspace's first feed. */
  feedName: string | null;
}

export interface ArticleContent {
  article: NewsArticle;
  mustRead: { dueAt: Date | null } | null;
  organizationSlug: string;
}

/** What was written at one article, newest first. */
export interface CommentsContent {
  article: NewsArticle;
  said: { commentId: string; name: string; words: string; at: Date; kind: "added" | "replied" | "mentioned" }[];
  why: "mentioned" | "replied" | "wrote" | "follow";
  organizationSlug: string;
}

export interface BundleItem {
  matter: Matter;
  /** Of what is told together: it and what it stands for, newest first. */
  happened?: Matter[];
  category: Category;
  /** How many notifications of its thread it stands for. */
  count: number;
  subjectId: string;
}

export interface BundleContent {
  kind: "daily" | "weekly" | "released";
  /** Newest first, one for each thread. */
  items: BundleItem[];
  organizationName: string;
  organizationSlug: string;
}

export type Content =
  | { template: "meeting-invited"; data: MeetingContent }
  | { template: "meeting-updated"; data: MeetingChangeContent }
  | { template: "meeting-cancelled"; data: MeetingContent }
  | { template: "meeting-removed"; data: MeetingContent }
  | { template: "meeting-reminder"; data: MeetingContent & { minutesLeft: number } }
  | { template: "meeting-answers"; data: MeetingAnswersContent }
  | { template: "member-invited"; data: MemberInvitedContent; locale: string }
  | { template: "member-joined"; data: MemberJoinedContent }
  | { template: "device-added"; data: DeviceAddedContent }
  | { template: "notification-published"; data: PublishedContent }
  | { template: "issue-created" | "issue-updated" | "issue-deleted" | "comment-created" | "plugin-event"; data: PluginNewsContent }
  | { template: "connection-broken"; data: ConnectionBrokenContent }
  | { template: "account-unlinked"; data: AccountUnlinkedContent }
  | { template: "subscription-paused"; data: SubscriptionPausedContent }
  | { template: "article-published" | "acknowledgement-due"; data: ArticleContent }
  | { template: "article-mentioned"; data: ArticleContent & { actorName: string } }
  | { template: "comment-added" | "comment-replied" | "comment-mentioned"; data: CommentsContent }
  | { template: "bundle"; data: BundleContent };
