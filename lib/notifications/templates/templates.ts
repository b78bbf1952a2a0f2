import type { NotificationType } from "../catalog";
import { accountUnlinked } from "./account-unlinked";
import { acknowledgementDue } from "./acknowledgement-due";
import { articleLiked } from "./article-liked";
import { articleMentioned } from "./article-mentioned";
import { articlePublished } from "./article-published";
import { bundleDaily, bundleReleased, bundleWeekly } from "./bundle";
import { commentCreated } from "./comment-created";
import { commentAdded, commentMentioned, commentReplied } from "./comments";
import { connectionBroken } from "./connection-broken";
import { deviceAdded } from "./device-added";
import { issueCreated } from "./issue-created";
import { issueDeleted } from "./issue-deleted";
import { issueUpdated } from "./issue-updated";
import { mailStopped } from "./mail-stopped";
import { meetingAnswers } from "./meeting-answers";
import { meetingCancelled } from "./meeting-cancelled";
import { meetingInvited } from "./meeting-invited";
import { meetingReminder } from "./meeting-reminder";
import { meetingRemoved } from "./meeting-removed";
import { meetingUpdated } from "./meeting-updated";
import { memberInvited } from "./member-invited";
import { memberJoined } from "./member-joined";
import { notificationPublished } from "./notification-published";
import { pluginEvent } from "./plugin-event";
import { subscriptionPaused } from "./subscription-paused";
import type { Template } from "./template";

/** Each type and the file that holds its words. */
export const templates: Record<NotificationType, Template<never>> = {
  "meeting.invited": meetingInvited,
  "meeting.updated": meetingUpdated,
  "meeting.removed": meetingRemoved,
  "meeting.cancelled": meetingCancelled,
  "meeting.responded": meetingAnswers,
  "meeting.reminder": meetingReminder,
  "member.invited": memberInvited,
  "member.joined": memberJoined,
  "notification.published": notificationPublished,
  "device.added": deviceAdded,
  "mail.stopped": mailStopped,
  "jira.issue.created": issueCreated,
  "jira.issue.updated": issueUpdated,
  "jira.issue.deleted": issueDeleted,
  "jira.comment.created": commentCreated,
  "plugin.event": pluginEvent,
  "connection.broken": connectionBroken,
  "account.unlinked": accountUnlinked,
  "subscription.paused": subscriptionPaused,
  "article.published": articlePublished,
  "article.mentioned": articleMentioned,
  "comment.added": commentAdded,
  "comment.replied": commentReplied,
  "comment.mentioned": commentMentioned,
  "article.liked": articleLiked,
  "article.acknowledgement-due": acknowledgementDue,
  "bundle.daily": bundleDaily,
  "bundle.weekly": bundleWeekly,
  "bundle.released": bundleReleased,
};
