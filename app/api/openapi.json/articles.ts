import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { changeArticleInput, createArticleInput, pinInput, publishNowInput } from "@/lib/feed/articles/inputs";
import { listArticlesInput } from "@/lib/feed/articles/listing/inputs";
import { articleLine, articleResource, versionLine, versionResource } from "@/lib/feed/articles/mappings";
import { changeFeedInput, createFeedInput, listFeedsInput } from "@/lib/feed/feeds/inputs";
import { feedResource } from "@/lib/feed/feeds/mappings";
import { acknowledgeInput, readersInput } from "@/lib/feed/must-reads/inputs";
import { readersResource } from "@/lib/feed/must-reads/mappings";

const badBody = { 400: "The body is not JSON", 413: "The body is larger than 1 MB", 415: "The body is not application/json" };
const noArticle = { 404: "No such article for you", 410: "`ARTICLE_GONE`: it was deleted" };
const notYours = { ...noArticle, 403: "It is not yours to change" };
const noFeed = { 404: "No such feed in a workspace of yours" };
const shown = { status: 200, description: "The article as it now stands", schema: articleResource, headers: ["ETag"] };
const overtaken = { 412: "It has changed since the ETag in If-Match" };

/** The news of workspaces. Comments, likes, media and reading have files of their own. */
export const articleOperations: Operation[] = [
  {
    method: "get",
    path: "/api/feeds",
    summary: "List the feeds of a workspace",
    description: "In their order, archived ones last. The first is the workspace's news, and always there.",
    scope: "articles:read",
    query: listFeedsInput,
    success: { status: 200, description: "The feeds", schema: z.strictObject({ feeds: z.array(feedResource) }) },
    refusals: { 404: "No such workspace of yours" },
  },
  {
    method: "post",
    path: "/api/feeds",
    summary: "Add a feed",
    description: "For admins who are in the workspace.",
    scope: "articles:write",
    headers: ["Idempotency-Key"],
    body: createFeedInput,
    success: { status: 201, description: "The feed", schema: feedResource },
    refusals: { ...badBody, 404: "No such workspace of yours" },
  },
  { method: "get", path: "/api/feeds/{id}", summary: "Read a feed", scope: "articles:read", success: { status: 200, description: "The feed", schema: feedResource }, refusals: noFeed },
  {
    method: "patch",
    path: "/api/feeds/{id}",
    summary: "Rename a feed, or say who may publish in it",
    description: "Its slug stays. The first feed keeps its name.",
    scope: "articles:write",
    body: changeFeedInput,
    success: { status: 200, description: "The feed as it now stands", schema: feedResource },
    refusals: { ...badBody, ...noFeed },
  },
  {
    method: "post",
    path: "/api/feeds/{id}/archive",
    summary: "Archive a feed",
    description: "Nothing is published in it any more; what stands in it stays readable.",
    scope: "articles:write",
    success: { status: 200, description: "The feed", schema: feedResource },
    refusals: { ...noFeed, 422: "It is the first of its workspace" },
  },
  { method: "post", path: "/api/feeds/{id}/restore", summary: "Open an archived feed again", scope: "articles:write", success: { status: 200, description: "The feed", schema: feedResource }, refusals: noFeed },
  {
    method: "get",
    path: "/api/articles",
    summary: "List the articles of a workspace",
    description: "Published ones newest first, pinned ones in their place. Archived, scheduled and draft ones come on one page.",
    scope: "articles:read",
    query: listArticlesInput,
    success: { status: 200, description: "A page of articles; follow `nextCursor` until it is null", schema: z.strictObject({ articles: z.array(articleLine), nextCursor: z.string().nullable() }) },
    refusals: { 404: "No such workspace or feed of yours" },
  },
  {
    method: "post",
    path: "/api/articles",
    summary: "Publish an article, schedule it, or keep it as a draft",
    description:
      "Its words are a `document`, or plain `text`: a blank line begins a paragraph, web addresses become links, `@[Name](mbr_…)` mentions somebody. At most 512 kB, 10,000 nodes, 100 media.",
    scope: "articles:write",
    headers: ["Idempotency-Key"],
    body: createArticleInput,
    success: { status: 201, description: "The article", schema: articleResource, headers: ["Location", "ETag"] },
    refusals: { ...badBody, 404: "No such feed in a workspace of yours" },
  },
  { method: "get", path: "/api/articles/{id}", summary: "Read an article", scope: "articles:read", success: { ...shown, description: "The article" }, refusals: noArticle },
  {
    method: "patch",
    path: "/api/articles/{id}",
    summary: "Change an article",
    description: "Fields that are not sent stay as they are. New words of a published article are a further version at once; those of a draft stay a draft. Only who is mentioned for the first time is told.",
    scope: "articles:write",
    headers: ["If-Match"],
    body: changeArticleInput,
    success: shown,
    refusals: { ...badBody, ...notYours, ...overtaken },
  },
  {
    method: "delete",
    path: "/api/articles/{id}",
    summary: "Delete an article",
    description: "For everybody, at once, with its comments; what was told of it goes from the inboxes.",
    scope: "articles:write",
    headers: ["If-Match"],
    success: { status: 204, description: "Deleted" },
    refusals: { ...notYours, ...overtaken },
  },
  {
    method: "post",
    path: "/api/articles/{id}/publish",
    summary: "Publish your draft of an article, now or later",
    scope: "articles:write",
    headers: ["If-Match"],
    body: publishNowInput,
    bodyOptional: true,
    success: shown,
    refusals: { ...badBody, ...notYours, ...overtaken, 409: "`EDIT_CONFLICT`: somebody published since your draft was begun; there is no draft of yours" },
  },
  {
    method: "post",
    path: "/api/articles/{id}/unschedule",
    summary: "Stop an article that waits for its instant",
    description: "Its author's, or an admin's who is in the workspace.",
    scope: "articles:write",
    success: shown,
    refusals: { ...notYours, 409: "It was published already" },
  },
  {
    method: "post",
    path: "/api/articles/{id}/archive",
    summary: "Take an article from its feeds",
    description: "By its address it stays readable. It takes no more comments and likes.",
    scope: "articles:write",
    success: shown,
    refusals: { ...notYours, 409: "It was never published" },
  },
  { method: "post", path: "/api/articles/{id}/restore", summary: "Put an archived article back where it stood", scope: "articles:write", success: shown, refusals: { ...notYours, 409: "It is not archived" } },
  {
    method: "put",
    path: "/api/articles/{id}/pin",
    summary: "Pin an article in a workspace, or no longer",
    description: "For admins. At most three are pinned in a workspace.",
    scope: "articles:write",
    body: pinInput,
    success: shown,
    refusals: { ...badBody, ...notYours, 409: "It stands in no feed" },
  },
  {
    method: "get",
    path: "/api/articles/{id}/acknowledgements",
    summary: "Who has said that they read an article, or who has not",
    description: "For its author and admins.",
    scope: "articles:read",
    query: readersInput,
    success: { status: 200, description: "A page of people; follow `nextCursor` until it is null", schema: readersResource },
    refusals: { ...notYours, 409: "Its readers are not asked" },
  },
  {
    method: "post",
    path: "/api/articles/{id}/acknowledgements",
    summary: "Say that you have read an article",
    description: "Said again, the first time counts.",
    scope: "articles:write",
    body: acknowledgeInput,
    success: { status: 200, description: "The version that you said it of, and when", schema: z.strictObject({ version: z.int(), acknowledgedAt: z.iso.datetime() }) },
    refusals: { ...badBody, ...noArticle, 409: "Its readers are not asked" },
  },
  {
    method: "post",
    path: "/api/articles/{id}/reminders",
    summary: "Remind who has not said that they read it",
    description: "For its author and admins, once a day.",
    scope: "articles:write",
    success: { status: 202, description: "How many people are reminded", schema: z.strictObject({ reminded: z.int() }) },
    refusals: { ...notYours, 409: "Its readers are not asked" },
  },
  {
    method: "get",
    path: "/api/articles/{id}/history",
    summary: "List the versions of an article",
    description: "The newest first. For whoever may change it.",
    scope: "articles:read",
    success: { status: 200, description: "The versions", schema: z.strictObject({ versions: z.array(versionLine) }) },
    refusals: notYours,
  },
  {
    method: "get",
    path: "/api/articles/{id}/history/{version}",
    summary: "Read a version of an article",
    scope: "articles:read",
    success: { status: 200, description: "The version as it was", schema: versionResource },
    refusals: notYours,
  },
];
