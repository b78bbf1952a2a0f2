import { beforeAll, describe, expect, test } from "vitest";
import { inTenant } from "@/lib/platform/db/client";
import { clock } from "@/lib/platform/clock";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { rememberDeletions, rememberIssues } from "./commands";
import { cardsOf } from "./queries";
import { connectionFor, issueOf, linkedTo, saw } from "./testing";

useTestDatabase();

let ada: Member;
let bora: Member;
let sid: Member;
let connectionId: string;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
  sid = (await foundOrganization("sid@there.example", "There")).owner;
  connectionId = await connectionFor(ada);
  await linkedTo(ada, "account-ada");
  await linkedTo(bora, "account-bora");
});

const now = new Date("2031-02-01T00:00:00Z");
const remember = (...facts: ReturnType<typeof issueOf>[]) => inTenant(ada, (tx) => rememberIssues(tx, ada, connectionId, facts, now));
const seenBy = (accountId: string, issueId: string, visible = true, checkedAt = now) => saw(ada, { connectionId, issueId, accountId, visible, checkedAt });
const card = (member: Member, key: string) => clock.at(now, async () => (await cardsOf(member, [key])).get(key));

describe("what is remembered of an issue", () => {
  test("stays the newest by Jira's own time, whatever order it comes in", async () => {
    await seenBy("account-ada", "10001");
    await remember(issueOf(1, { status: "Done", updatedAt: "2031-01-03T00:00:00.000Z" }));
    await remember(issueOf(1, { status: "In Progress", updatedAt: "2031-01-02T00:00:00.000Z" }));
    expect((await card(ada, "MOIM-1"))?.status).toBe("Done");
    await remember(issueOf(1, { status: "A", updatedAt: "2031-01-05T00:00:00.000Z" }), issueOf(1, { status: "B", updatedAt: "2031-01-04T00:00:00.000Z" }));
    expect((await card(ada, "MOIM-1"))?.status).toBe("A");
  });

  test("without a time of its own it fills a gap and overwrites nothing", async () => {
    await seenBy("account-ada", "10002");
    await remember(issueOf(2, { status: "Undated", updatedAt: null }));
    expect((await card(ada, "MOIM-2"))?.status).toBe("Undated");
    await remember(issueOf(2, { status: "Dated" }));
    await remember(issueOf(2, { status: "Undated again", updatedAt: null }));
    expect((await card(ada, "MOIM-2"))?.status).toBe("Dated");
  });

  test("follows a key that moved", async () => {
    await seenBy("account-ada", "10003");
    await remember(issueOf(3));
    await remember(issueOf(3, { key: "OTHER-9", updatedAt: "2031-01-02T00:00:00.000Z" }));
    expect(await card(ada, "MOIM-3")).toBeUndefined();
    expect((await card(ada, "OTHER-9"))?.issueId).toBe("10003");
  });

  test("stays deleted, whatever comes late", async () => {
    await seenBy("account-ada", "10004");
    await inTenant(ada, (tx) => rememberDeletions(tx, ada, connectionId, [issueOf(4)], now));
    await remember(issueOf(4, { summary: "Late", updatedAt: "2031-01-09T00:00:00.000Z" }));
    expect(await card(ada, "MOIM-4")).toMatchObject({ deleted: true, summary: "Issue 4" });
  });
});

describe("a card", () => {
  test("is for nobody whose own account was not seen to see the issue", async () => {
    await remember(issueOf(20));
    await seenBy("account-ada", "10020");
    await seenBy("account-bora", "10020", false);
    expect(await card(ada, "MOIM-20")).toBeDefined();
    expect(await card(bora, "MOIM-20")).toBeUndefined();
  });

  test("is for nobody in another organization", async () => {
    await remember(issueOf(21));
    await connectionFor(sid);
    await linkedTo(sid, "account-ada");
    await seenBy("account-ada", "10021");
    expect(await card(sid, "MOIM-21")).toBeUndefined();
  });

  test("rests on what was seen in the last minutes", async () => {
    await remember(issueOf(22));
    await seenBy("account-ada", "10022", true, new Date(now.getTime() - 6 * 60 * 1000));
    expect(await card(ada, "MOIM-22")).toBeUndefined();
  });
});
