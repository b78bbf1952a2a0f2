import { idempotencyKey, readJson, readQuery, route, versioned } from "@/lib/platform/route";
import { addComment } from "@/lib/feed/comments/commands";
import { addCommentInput, listCommentsInput } from "@/lib/feed/comments/inputs";
import { commentDetails, commentsAt } from "@/lib/feed/comments/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "comments:read");
  const { article, ...wish } = readQuery(request, listCommentsInput);
  return Response.json(await commentsAt(member, article, wish));
});

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "comments:write");
  const { articleId, ...input } = await readJson(request, addCommentInput);
  const { commentId } = await addComment(member, articleId, input, idempotencyKey(request));
  return versioned(await commentDetails(member, commentId), 201);
});
