import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { articleChannel, type RealtimeMessage } from "@/lib/platform/realtime";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization } from "@/lib/organizations/testing";
import { createWorkspace } from "@/lib/organizations/commands";
import { changeArticle } from "../articles/commands";
import { publishNews } from "../testing";

const called: RealtimeMessage[] = [];
vi.mock("@/lib/platform/realtime", async (original) => ({
  ...(await original<object>()),
  publishRealtime: (messages: RealtimeMessage[]) => Promise.resolve(void called.push(...messages)),
}));

useTestDatabase();

let ada: Member;
let home: string;
beforeAll(async () => {
  const founded = await foundOrganization("ada@calls.example", "Calls");
  ada = founded.owner;
  home = founded.workspaceId;
});
beforeEach(() => void called.splice(0));

const readersCalled = (articleId: string) => called.splice(0).filter(({ channel }) => channel === articleChannel(articleId)).length;

test("who has an article open is called when it begins or ends to ask to be confirmed, and not when nothing changes", async () => {
  const id = await publishNews(ada, home, "Rules");
  const ask = (mustRead: { dueAt: string | null } | null) => changeArticle(ada, id, { mustRead, document: undefined });
  called.splice(0);
  await ask({ dueAt: null });
  expect(readersCalled(id)).toBe(1);
  await ask({ dueAt: null });
  expect(readersCalled(id)).toBe(0);
  await ask(null);
  expect(readersCalled(id)).toBe(1);
  await ask(null);
  expect(readersCalled(id)).toBe(0);
});

test("who has an article open is called when a workspace loses it", async () => {
  const { workspaceId: studio } = await createWorkspace(ada, "Studio");
  const id = await publishNews(ada, home, "Shared");
  await changeArticle(ada, id, { workspaceIds: [home, studio], document: undefined });
  called.splice(0);
  await changeArticle(ada, id, { workspaceIds: [home], document: undefined });
  expect(readersCalled(id)).toBe(1);
});
