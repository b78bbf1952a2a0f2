import type { Operation } from "@/lib/platform/openapi";
import { addCommentInput, editCommentInput, listCommentsInput } from "@/lib/feed/comments/inputs";
import { commentPage, commentResource } from "@/lib/feed/comments/mappings";
import { listLikersInput } from "@/lib/feed/likes/inputs";
import { likersPage, likeState } from "@/lib/feed/likes/mappings";

const badBody = { 400: "The body is not JSON", 413: "The body is larger than 1 MB", 415: "The body is not application/json" };
const gone = { 404: "No such article for you, or no such comment", 410: "`ARTICLE_GONE`: the article was deleted" };
const closed = { 409: "`COMMENTS_CLOSED`: the article is archived, or its comments are closed" };
const changed = { 403: "Not yours to change", 412: "`PRECONDITION_FAILED`: it has changed since the ETag you sent" };

/** What is likeable has an id that says what it is: `art_…` or `cmt_…`. */
export const commentOperations: Operation[] = [
  {
    method: "get",
    path: "/api/comments",
    summary: "List the comments of an article",
    description: "The latest page first, oldest first within it; follow `nextCursor` to earlier ones. The latest replies to a comment come with it, earlier ones with `parent`.",
    scope: "comments:read",
    query: listCommentsInput,
    success: { status: 200, description: "A page of comments", schema: commentPage },
    refusals: gone,
  },
  {
    method: "post",
    path: "/api/comments",
    summary: "Comment an article, or answer a comment",
    description:
      "Send a `document`, or plain `text`: a blank line begins a paragraph, `@[Name](mbr_…)` mentions somebody. The answer to a reply stands below the comment that was answered first.",
    scope: "comments:write",
    headers: ["Idempotency-Key"],
    body: addCommentInput,
    success: { status: 201, description: "The comment", schema: commentResource, headers: ["Location", "ETag"] },
    refusals: { ...badBody, ...gone, ...closed },
  },
  {
    method: "get",
    path: "/api/comments/{id}",
    summary: "Read a comment",
    scope: "comments:read",
    success: { status: 200, description: "The comment", schema: commentResource, headers: ["ETag"] },
    refusals: gone,
  },
  {
    method: "patch",
    path: "/api/comments/{id}",
    summary: "Change your comment",
    scope: "comments:write",
    headers: ["If-Match"],
    body: editCommentInput,
    success: { status: 200, description: "The comment", schema: commentResource, headers: ["ETag"] },
    refusals: { ...badBody, ...gone, ...closed, ...changed },
  },
  {
    method: "delete",
    path: "/api/comments/{id}",
    summary: "Delete a comment",
    description: "Your own; admins also those of others, which the audit log keeps. A comment with replies keeps its place, without words.",
    scope: "comments:write",
    headers: ["If-Match"],
    success: { status: 204, description: "It is deleted; also when it was already" },
    refusals: { ...gone, ...changed },
  },
  {
    method: "get",
    path: "/api/likes/{id}",
    summary: "See who likes an article or a comment",
    scope: "comments:read",
    query: listLikersInput,
    success: { status: 200, description: "How many, and a page of who", schema: likersPage },
    refusals: gone,
  },
  {
    method: "put",
    path: "/api/likes/{id}",
    summary: "Like an article or a comment",
    description: "Sent again, it changes nothing. The author is told the first time only.",
    scope: "likes:write",
    success: { status: 200, description: "You like it", schema: likeState },
    refusals: { ...gone, ...closed },
  },
  {
    method: "delete",
    path: "/api/likes/{id}",
    summary: "Take your like back",
    scope: "likes:write",
    success: { status: 200, description: "You do not like it (any more)", schema: likeState },
    refusals: { ...gone, ...closed },
  },
];
