import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { cancelMeetingInput, changeMeetingInput, listMeetingsInput, respondInput, scheduleMeetingInput } from "@/lib/meetings/inputs";
import { meetingGlance, meetingResource } from "@/lib/meetings/mappings";
import { listNotificationsInput, readNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { inboxState, notificationResource } from "@/lib/notifications/inbox/mappings";

/** Every operation of the REST API, beside the inputs its route parses with. A test compares this list with the routes there are. */
export const operations: Operation[] = [
  {
    method: "get",
    path: "/api/meetings",
    summary: "List your meetings",
    description: "Meetings you organize or attend, in order of their start. `from` and `to` choose those that touch the range.",
    scope: "meetings:read",
    query: listMeetingsInput,
    success: {
      status: 200,
      description: "A page of meetings; follow `nextCursor` until it is null",
      schema: z.strictObject({ meetings: z.array(meetingResource), nextCursor: z.string().nullable() }),
    },
  },
  {
    method: "post",
    path: "/api/meetings",
    summary: "Book a meeting",
    description: "Stores the meeting and invites its attendees by mail and in their inbox. You are its organizer.",
    scope: "meetings:write",
    headers: ["Idempotency-Key"],
    body: scheduleMeetingInput,
    success: { status: 201, description: "The meeting", schema: meetingResource, headers: ["Location", "ETag"] },
    refusals: {
      400: "The body is not JSON",
      404: "A member id of nobody in this organization",
      409: "`TIME_TAKEN`: with `guard`, you are already busy; `nextFreeTimes` offers others",
      413: "The body is larger than 1 MB",
      415: "The body is not application/json",
    },
  },
  {
    method: "get",
    path: "/api/meetings/{id}",
    summary: "Read a meeting",
    scope: "meetings:read",
    success: { status: 200, description: "The meeting", schema: meetingResource, headers: ["ETag"] },
    refusals: { 404: "No such meeting for you" },
  },
  {
    method: "patch",
    path: "/api/meetings/{id}",
    summary: "Move or edit a meeting",
    description: "Fields that are not sent stay as they are; `attendees` replaces the guest list. Attendees hear of it in one mail per person a minute.",
    scope: "meetings:write",
    headers: ["If-Match"],
    body: changeMeetingInput,
    success: { status: 200, description: "The meeting as it now stands", schema: meetingResource, headers: ["ETag"] },
    refusals: {
      404: "No such meeting for you",
      409: "`ALREADY_CANCELLED`, or `TIME_TAKEN` with `nextFreeTimes`",
      412: "It has changed since the ETag in If-Match",
    },
  },
  {
    method: "delete",
    path: "/api/meetings/{id}",
    summary: "Cancel a meeting without a reason",
    scope: "meetings:write",
    headers: ["If-Match"],
    success: { status: 204, description: "Cancelled" },
    refusals: { 404: "No such meeting for you", 409: "`ALREADY_CANCELLED`", 412: "It has changed since the ETag in If-Match" },
  },
  {
    method: "post",
    path: "/api/meetings/{id}/cancel",
    summary: "Cancel a meeting",
    scope: "meetings:write",
    headers: ["If-Match"],
    body: cancelMeetingInput,
    bodyOptional: true,
    success: { status: 200, description: "The cancelled meeting", schema: meetingResource, headers: ["ETag"] },
    refusals: { 404: "No such meeting for you", 409: "`ALREADY_CANCELLED`", 412: "It has changed since the ETag in If-Match" },
  },
  {
    method: "post",
    path: "/api/meetings/{id}/responses",
    summary: "Answer an invitation",
    scope: "meetings:write",
    body: respondInput,
    success: { status: 200, description: "The meeting with your answer", schema: meetingResource, headers: ["ETag"] },
    refusals: { 404: "No such meeting for you", 409: "`ALREADY_CANCELLED`, or it is over" },
  },
  {
    method: "get",
    path: "/api/meetings/{id}/calendar",
    summary: "Download a meeting for a calendar",
    scope: "meetings:read",
    success: { status: 200, description: "iCalendar (RFC 5545)", schema: z.string(), mediaType: "text/calendar" },
    refusals: { 404: "No such meeting for you" },
  },
  {
    method: "get",
    path: "/api/notifications",
    summary: "List your notifications",
    scope: "notifications:read",
    query: listNotificationsInput,
    success: {
      status: 200,
      description: "A page of your inbox, newest first; follow `nextCursor` until it is null",
      schema: z.strictObject({ notifications: z.array(notificationResource), nextCursor: z.string().nullable(), ...inboxState.shape }),
    },
  },
  {
    method: "post",
    path: "/api/notifications/read",
    summary: "Mark notifications read",
    description: "Either `ids`, or `upTo`: everything up to and including that one, so that what arrives meanwhile stays unread.",
    scope: "notifications:write",
    body: readNotificationsInput,
    success: { status: 200, description: "What is still unread", schema: inboxState },
  },
  {
    method: "get",
    path: "/api/dashboard",
    summary: "What needs you now",
    scope: "dashboard:read",
    success: {
      status: 200,
      description: "Coming meetings, invitations that wait for your answer, unread notifications",
      schema: z.strictObject({
        upcoming: z.array(meetingGlance),
        awaitingAnswer: z.array(meetingGlance),
        unreadNotifications: z.int(),
      }),
    },
  },
  {
    method: "get",
    path: "/api/health",
    summary: "Whether the application and its engines work",
    scope: null,
    success: { status: 200, description: "Ready; engines that are down are named as degraded", schema: z.looseObject({ status: z.string() }) },
    refusals: { 503: "Not ready" },
  },
];
