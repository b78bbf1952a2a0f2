import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { cardsInput, commentInput, createIssueInput, searchIssuesInput, transitionInput, whichIssueInput } from "@/lib/integrations/issues/inputs";
import { fullIssueResource, issueCard, issueResource } from "@/lib/integrations/issues/mappings";
import { meetingIssueResource } from "@/lib/meetings/issues/mappings";

const badBody = { 400: "The body is not JSON", 413: "The body is larger than 1 MB", 415: "The body is not application/json" };

/** Everything is read and written with the caller's own account over there. */
const asYourself = {
  403: "`ACCOUNT_NEEDED`: you have linked no account of your own; `linkUrl` is where to",
  404: "No such site, or no such issue for you",
  409: "`RECONNECT_NEEDED`: your account has to be linked again",
  503: "`JIRA_UNAVAILABLE`: Jira does not answer, or asks to wait",
};

export const issueOperations: Operation[] = [
  {
    method: "get",
    path: "/api/issues",
    summary: "Search issues",
    description: "Words, a key or a link in `text`, or a query in `jql`, as you may see Jira. Follow `nextCursor` until it is null.",
    scope: "issues:read",
    query: searchIssuesInput,
    success: { status: 200, description: "A page of issues", schema: z.strictObject({ issues: z.array(issueResource), nextCursor: z.string().nullable() }) },
    refusals: { ...asYourself, 422: "`INVALID`: what Jira says of the query stands at its field" },
  },
  {
    method: "post",
    path: "/api/issues",
    summary: "Create an issue",
    scope: "issues:write",
    headers: ["Idempotency-Key"],
    body: createIssueInput,
    success: { status: 201, description: "The issue", schema: fullIssueResource, headers: ["Location"] },
    refusals: { ...badBody, ...asYourself, 422: "`JIRA_REFUSED`: what Jira says stands at its field" },
  },
  {
    method: "get",
    path: "/api/issues/cards",
    summary: "Read what is known of some issues",
    description: "For keys in a text. A key that does not come back is not known, or not for you to know; which of the two is not told.",
    scope: "issues:read",
    query: cardsInput,
    success: { status: 200, description: "The cards", schema: z.strictObject({ cards: z.array(issueCard) }) },
  },
  {
    method: "get",
    path: "/api/issues/{key}",
    summary: "Read an issue",
    scope: "issues:read",
    query: whichIssueInput,
    success: { status: 200, description: "The issue with its latest comments and what may be done to it", schema: fullIssueResource },
    refusals: asYourself,
  },
  {
    method: "post",
    path: "/api/issues/{key}/comments",
    summary: "Comment on an issue",
    description: "Blank lines separate paragraphs; `@` before a full name mentions somebody.",
    scope: "issues:write",
    headers: ["Idempotency-Key"],
    query: whichIssueInput,
    body: commentInput,
    success: { status: 201, description: "The comment", schema: z.strictObject({ id: z.string() }) },
    refusals: { ...badBody, ...asYourself, 422: "`JIRA_REFUSED`, in Jira's words" },
  },
  {
    method: "post",
    path: "/api/issues/{key}/transitions",
    summary: "Move an issue on",
    scope: "issues:write",
    query: whichIssueInput,
    body: transitionInput,
    success: { status: 200, description: "The issue as it is now", schema: fullIssueResource },
    refusals: { ...badBody, ...asYourself, 422: "`JIRA_REFUSED`, in Jira's words" },
  },
  {
    method: "get",
    path: "/api/meetings/{id}/issues",
    summary: "List the issues a meeting is about",
    scope: "meetings:read",
    success: { status: 200, description: "Their keys", schema: z.strictObject({ issues: z.array(meetingIssueResource) }) },
    refusals: { 404: "No such meeting for you" },
  },
  {
    method: "put",
    path: "/api/meetings/{id}/issues/{key}",
    summary: "Say that a meeting is about an issue",
    scope: "meetings:write",
    success: { status: 204, description: "It is" },
    refusals: { 404: "No such meeting for you" },
  },
  {
    method: "delete",
    path: "/api/meetings/{id}/issues/{key}",
    summary: "Take an issue from a meeting",
    scope: "meetings:write",
    success: { status: 204, description: "It is not about it" },
    refusals: { 404: "No such meeting for you" },
  },
];
