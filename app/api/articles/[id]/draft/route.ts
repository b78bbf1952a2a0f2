import { readJson, route } from "@/lib/platform/route";
import { discardDraft, saveDraft } from "@/lib/feed/drafts/commands";
import { saveDraftInput } from "@/lib/feed/drafts/inputs";
import { draftOf } from "@/lib/feed/drafts/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

/** What stands in the member's draft, or what readers see when they have changed nothing yet. */
export const GET = route<Params>(async (request, { id }) => {
  const { title, document, coverId, revision, basedOn, tab, savedAt } = await draftOf(await memberOfRequest(request, "articles:read"), id);
  return Response.json({ title, document, coverId, revision, basedOn, tab, updatedAt: savedAt });
});

/** A route and no server action: those wait for one another, and end with the page that they were called from. */
export const PUT = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  return Response.json(await saveDraft(member, id, await readJson(request, saveDraftInput)));
});

export const DELETE = route<Params>(async (request, { id }) => {
  await discardDraft(await memberOfRequest(request, "articles:write"), id);
  return new Response(null, { status: 204 });
});
