import { idempotencyKey, readJson, readQuery, route } from "@/lib/platform/route";
import { makeIssue } from "@/lib/integrations/issues/acting/commands";
import { createIssueInput, searchIssuesInput } from "@/lib/integrations/issues/inputs";
import { findIssues, issueOf } from "@/lib/integrations/issues/lookup/queries";
import { fullResourceOf, resourceOf } from "@/lib/integrations/issues/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "issues:read");
  const { connectionId, issues, cursor } = await findIssues(member, readQuery(request, searchIssuesInput));
  return Response.json({ issues: issues.map((facts) => resourceOf(connectionId, facts)), nextCursor: cursor });
});

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "issues:write");
  const input = await readJson(request, createIssueInput);
  const { connectionId, key } = await makeIssue(member, input, { idempotencyKey: idempotencyKey(request) });
  const { issue, comments } = await issueOf(member, connectionId, key);
  const url = new URL(`/api/issues/${key}?connection=${connectionId}`, request.url);
  return Response.json(fullResourceOf(connectionId, issue, comments), { status: 201, headers: { Location: `${url.pathname}${url.search}` } });
});
