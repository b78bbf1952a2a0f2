import { ifMatch, readJson, route, versioned } from "@/lib/platform/route";
import { deleteComment, editComment } from "@/lib/feed/comments/commands";
import { editCommentInput } from "@/lib/feed/comments/inputs";
import { commentDetails } from "@/lib/feed/comments/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "comments:read");
  return versioned(await commentDetails(member, id));
});

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "comments:write");
  const { document } = await readJson(request, editCommentInput);
  await editComment(member, id, { document, version: ifMatch(request) });
  return versioned(await commentDetails(member, id));
});

export const DELETE = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "comments:write");
  await deleteComment(member, id, { ifVersion: ifMatch(request) });
  return new Response(null, { status: 204 });
});
