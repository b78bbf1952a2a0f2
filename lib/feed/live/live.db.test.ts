import { beforeAll, describe, expect, test } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import { articleChannel, memberChannel, organizationChannel, workspaceChannel } from "@/lib/platform/realtime";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { removeFromWorkspace } from "@/lib/organizations/workspaces/commands";
import { archiveArticle, deleteArticle } from "../articles/commands";
import { publishNews } from "../testing";
import { mayHearChannel } from "./queries";

useTestDatabase();

let ada: Member;
let bora: Member;
let outside: Member;
let stranger: Member;
let workspaceId: string;

beforeAll(async () => {
  const founded = await foundOrganization("ada@here.example", "Here");
  ada = founded.owner;
  workspaceId = founded.workspaceId;
  bora = await joinAs(ada, "bora@here.example");
  outside = await joinAs(ada, "outside@here.example", "admin");
  await removeFromWorkspace(ada, workspaceId, outside.id);
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

describe("a channel of the news", () => {
  test("is heard by who is in the workspace now, and by nobody else", async () => {
    const article = await publishNews(ada, workspaceId);
    for (const channel of [workspaceChannel(workspaceId), articleChannel(article)]) {
      for (const member of [ada, bora]) expect(await mayHearChannel(member, channel)).toBe(true);
      for (const member of [outside, stranger]) expect(await mayHearChannel(member, channel)).toBe(false);
    }
    const leaving = await joinAs(ada, "leaving@here.example");
    expect(await mayHearChannel(leaving, articleChannel(article))).toBe(true);
    await removeFromWorkspace(ada, workspaceId, leaving.id);
    for (const channel of [workspaceChannel(workspaceId), articleChannel(article)]) expect(await mayHearChannel(leaving, channel)).toBe(false);
  });

  test("of what is not published is its author's, and with an instant that of who manages the news", async () => {
    const admin = await joinAs(ada, "admin@here.example", "admin");
    const draft = await publishNews(bora, workspaceId, "Draft", { publish: false });
    const scheduled = await publishNews(bora, workspaceId, "Soon", { publishAt: new Date(Date.now() + 3_600_000).toISOString() });
    const reader = await joinAs(ada, "reader@here.example");
    const heard = (article: string) => Promise.all([bora, admin, reader].map((member) => mayHearChannel(member, articleChannel(article))));
    expect([await heard(draft), await heard(scheduled)]).toEqual([[true, false, false], [true, true, false]]);
  });

  test("of an archived article is heard, of a deleted one it is not", async () => {
    const article = await publishNews(ada, workspaceId);
    await archiveArticle(ada, article);
    expect(await mayHearChannel(bora, articleChannel(article))).toBe(true);
    await deleteArticle(ada, article);
    expect(await mayHearChannel(bora, articleChannel(article))).toBe(false);
  });

  test("is none of another kind, nor of what there is not", async () => {
    const others = [memberChannel(ada.id), organizationChannel(ada.organizationId), workspaceId, workspaceChannel(newId("workspace")), articleChannel(newId("article")), articleChannel("' or true --"), workspaceChannel(""), ""];
    for (const channel of others) expect(await mayHearChannel(ada, channel)).toBe(false);
  });
});
