import { expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { acknowledge } from "../../must-reads/commands";
import { noteRead } from "../../reading/commands";
import { publishNews, workspaceWith } from "../../testing";
import { archiveArticle, deleteArticle } from "../commands";
import { latestArticles } from "./queries";

useTestDatabase();

test("the newest of all workspaces that one is in, each once, and nothing of the others", async () => {
  const { owner, workspaceId } = await foundOrganization("ada@latest.example", "Latest");
  const bo = await joinAs(owner, "bo@latest.example");
  const both = await workspaceWith("Both", [owner, bo]);
  const alone = await workspaceWith("Alone", [owner]);
  let minute = 1;
  const put = (where: string, title: string, more: Record<string, unknown> = {}) =>
    clock.at(new Date(clock.nowMs() + (minute += 1) * 60_000), () => publishNews(owner, where, title, more));

  const first = await put(workspaceId, "First");
  const shared = await put(workspaceId, "Shared", { workspaceIds: [both.workspaceId, alone.workspaceId] });
  await put(alone.workspaceId, "Not for Bo");
  const archived = await put(workspaceId, "Archived");
  const deleted = await put(workspaceId, "Deleted");
  await archiveArticle(owner, archived);
  await deleteArticle(owner, deleted);
  const must = await put(both.workspaceId, "Must", { mustRead: {} });
  const seen = async () => (await latestArticles(bo, 5)).map(({ title, unread, awaited, workspace }) => [title, unread, awaited, workspace]);

  expect(await seen()).toEqual([
    ["Must", true, true, "Both"],
    ["Shared", true, false, "Latest"],
    ["First", true, false, "Latest"],
  ]);
  expect((await latestArticles(bo, 2)).map(({ id }) => id)).toEqual([must, shared]);
  await noteRead(bo, first);
  await acknowledge(bo, must, 1);
  expect(await seen()).toEqual([
    ["Must", false, false, "Both"],
    ["Shared", true, false, "Latest"],
    ["First", false, false, "Latest"],
  ]);
  // Who wrote it is not asked to confirm it.
  expect((await latestArticles(owner, 5)).every(({ awaited }) => !awaited)).toBe(true);
});
