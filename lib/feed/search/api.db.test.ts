import { beforeAll, expect, test, vi } from "vitest";
import { GET as searchRoute } from "@/app/api/search/route";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { createApiToken } from "@/lib/organizations/tokens/commands";
import type { Scope } from "@/lib/organizations/tokens/inputs";
import { foundOrganization } from "@/lib/organizations/testing";
import { addComment } from "../comments/commands";
import { documentOfText } from "../document/rules";
import { publishNews } from "../testing";

vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

useTestDatabase();

let ada: Member;
beforeAll(async () => {
  const founded = await foundOrganization("ada@here.example", "Here");
  ada = founded.owner;
  await addComment(ada, await publishNews(ada, founded.workspaceId, "Harvest"), { document: documentOfText("pumpkins"), parentId: null });
});

const searched = async (scopes: Scope[]) => {
  const { secret } = await createApiToken(ada, { name: "x", scopes, days: 7 });
  const request = new Request("http://localhost:3000/api/search?q=pumpkins", { headers: { authorization: `Bearer ${secret}` } });
  return searchRoute(request, { params: Promise.resolve({}) });
};

test("a token that may not read comments does not find them either", async () => {
  for (const lacking of [["articles:read"], ["comments:read"], ["meetings:read"]] as const) expect((await searched([...lacking])).status).toBe(403);
  const found = await searched(["articles:read", "comments:read"]);
  expect([found.status, await found.json()]).toMatchObject([200, { results: [{ type: "comment" }] }]);
});
