import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { publishArticle, startArticle } from "../articles/commands";
import { publishInput } from "../articles/inputs";
import { purgeArticles } from "../articles/retention/commands";
import { documentLimits, documentOfText } from "../document/rules";
import { media } from "../media/tables";
import { firstFeedOf, publishNews, slugOfWorkspace } from "../testing";
import { discardDraft, saveDraft } from "./commands";
import { saveDraftInput } from "./inputs";
import { draftOf, myDrafts } from "./queries";

useTestDatabase();

let ada: Member;
let home: string;
beforeAll(async () => {
  ({ owner: ada, workspaceId: home } = await foundOrganization("ada@here.example", "Here"));
});

const typed = (text: string, revision: number, tab = "one", title = "Title") => ({ title, document: documentOfText(text), coverId: null, revision, tab });
const started = async () => (await startArticle(ada, { feedId: await firstFeedOf(ada, home) })).articleId;
const pictureOf = async ({ organizationId, id: uploaderId }: Member): Promise<string> => {
  const id = newId("media");
  await asSystem("demo", (tx) => tx.insert(media).values({ id, organizationId, uploaderId, fileName: "a.png", declaredType: "image/png", declaredBytes: 1, kind: "image", state: "ready", expiresAt: clock.now() }));
  return id;
};
const refused = async (work: Promise<unknown>): Promise<Refused> => {
  const error: unknown = await work.then(() => null, (reason: unknown) => reason);
  if (error instanceof Refused) return error;
  throw new Error(`not refused: ${String(error)}`);
};

describe("a draft", () => {
  test("is saved on what was saved before, and tells a tab that is behind what is stored", async () => {
    const id = await started();
    const { revision } = await saveDraft(ada, id, typed("one", 1));
    expect(revision).toBe(2);
    const conflict = await refused(saveDraft(ada, id, typed("two", 1, "two")));
    expect(conflict).toMatchObject({ code: "EDIT_CONFLICT", extra: { revision: 2, title: "Title", document: documentOfText("one"), tab: "one", updatedAt: expect.any(String) } });
    // It has read what the other wrote and goes on from there.
    expect(await saveDraft(ada, id, typed("two", 2, "two"))).toMatchObject({ revision: 3 });
  });

  test("of saves at once on one revision, exactly one counts", async () => {
    const id = await started();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => saveDraft(ada, id, typed(`words ${n}`, 1, `tab ${n}`))));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "EDIT_CONFLICT" });
    expect((await draftOf(ada, id)).revision).toBe(2);
  });

  test("a save whose answer was lost may be repeated, and the same words are no change", async () => {
    const id = await started();
    const first = await saveDraft(ada, id, typed("lost", 1));
    expect(await saveDraft(ada, id, typed("lost", 1))).toEqual(first);
    expect(await saveDraft(ada, id, typed("lost", 2))).toEqual(first);
  });

  test("saved with a new picture while it is published or thrown away: one of the two comes first, and neither breaks", async () => {
    const coverId = await pictureOf(ada);
    for (let time = 0; time < 12; time += 1) {
      const id = await started();
      await saveDraft(ada, id, typed("words", 1));
      const last = time % 2 === 0 ? publishArticle(ada, id, parseInput(publishInput, { revision: 2, workspaceIds: [] })) : discardDraft(ada, id);
      const outcomes = await Promise.allSettled([saveDraft(ada, id, { ...typed("words", 2), coverId }), last]);
      for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(Refused);
      expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true);
    }
  });

  test("of what readers see begins with their version and shows them nothing", async () => {
    const id = await publishNews(ada, home, "Seen", { text: "seen" });
    expect(await draftOf(ada, id)).toMatchObject({ revision: 0, basedOn: 1, version: 1, title: "Seen", document: documentOfText("seen"), workspaces: [{ id: home, home: true, chosen: true }] });
    const both = await Promise.allSettled([saveDraft(ada, id, typed("a", 0, "a")), saveDraft(ada, id, typed("b", 0, "b"))]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await discardDraft(ada, id);
    expect(await draftOf(ada, id)).toMatchObject({ revision: 0, title: "Seen" });
    // A tab that does not know yet is told that its draft is gone, with what there is instead.
    expect((await refused(saveDraft(ada, id, typed("late", 1)))).extra).toMatchObject({ revision: 0, title: "Seen" });
  });

  test("thrown away before it was published is gone with its article", async () => {
    const id = await started();
    await discardDraft(ada, id);
    expect((await refused(draftOf(ada, id))).code).toBe("NOT_FOUND");
    expect((await myDrafts(ada, await slugOfWorkspace(home))).map(({ articleId }) => articleId)).not.toContain(id);
  });

  test("of what waits for its instant goes back to what was scheduled", async () => {
    const id = await publishNews(ada, home, "Scheduled", { text: "as it is", publishAt: new Date(Date.now() + 3_600_000).toISOString() });
    const { revision } = await draftOf(ada, id);
    await saveDraft(ada, id, typed("changed", revision));
    await discardDraft(ada, id);
    expect(await draftOf(ada, id)).toMatchObject({ state: "scheduled", title: "Scheduled", document: documentOfText("as it is") });
  });

  test("without a word is not listed, and forgotten after a week; with one it stays", async () => {
    const [empty, written] = [await started(), await started()];
    await saveDraft(ada, written, typed("a word", 1));
    const listed = (await myDrafts(ada, await slugOfWorkspace(home))).map(({ articleId }) => articleId);
    expect([listed.includes(empty), listed.includes(written)]).toEqual([false, true]);
    const days = (count: number) => new Date(Date.now() + count * 24 * 3_600_000);
    await clock.at(days(6), purgeArticles);
    expect((await draftOf(ada, empty)).revision).toBe(1);
    await clock.at(days(8), purgeArticles);
    expect((await refused(draftOf(ada, empty))).code).toBe("NOT_FOUND");
    expect((await draftOf(ada, written)).title).toBe("Title");
  });

  test("is seen by its author alone", async () => {
    const min = await joinAs(ada, "min@here.example", "admin");
    const id = await started();
    expect((await refused(draftOf(min, id))).code).toBe("NOT_FOUND");
    expect((await refused(saveDraft(min, id, typed("x", 1)))).code).toBe("NOT_FOUND");
    expect((await refused(discardDraft(min, id))).code).toBe("NOT_FOUND");
    expect(await myDrafts(min, await slugOfWorkspace(home))).toEqual([]);
  });
});

describe("what may come in", () => {
  const faults = (input: Record<string, unknown>): string[] => {
    try {
      parseInput(saveDraftInput, { ...typed("words", 1), ...input });
      return [];
    } catch (error) {
      if (error instanceof Refused) return error.fields.map(({ path, code }) => `${path.join(".")}: ${code}`);
      throw error;
    }
  };
  const nested = (depth: number) => Array.from({ length: depth }).reduce<object>((inner) => ({ type: "blockquote", content: [inner] }), { type: "paragraph" });

  test("each field refuses what is none, and says so there", () => {
    expect(faults({ title: "x".repeat(documentLimits.title + 1) })).toEqual(["title: too-long"]);
    expect(faults({ title: 7 })).toEqual(["title: wrong-type"]);
    expect(faults({ title: "a\u0000b" })).toEqual(["title: malformed"]);
    expect(faults({ revision: -1 })).toEqual(["revision: invalid"]);
    expect(faults({ revision: 1.5 })).toEqual(["revision: wrong-type"]);
    expect(faults({ revision: 2 ** 31 - 1, basedOn: 2 ** 53 - 1 })).toEqual(["revision: invalid", "basedOn: invalid"]);
    expect(faults({ tab: "x".repeat(65) })).toEqual(["tab: invalid"]);
    expect(faults({ coverId: 3 })).toEqual(["coverId: wrong-type"]);
    expect(faults({ surprise: true })).toEqual(["surprise: unknown-field"]);
    expect(faults({ document: "<script>" })).not.toEqual([]);
    expect(faults({ document: { type: "doc", content: [{ type: "iframe", attrs: { src: "https://x.example" } }] } })).not.toEqual([]);
    expect(faults({ document: { type: "doc", content: [nested(10_000)] } })).not.toEqual([]);
    expect(faults({ document: documentOfText("x".repeat(1000)).content })).not.toEqual([]);
    expect(faults({ document: { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "x".repeat(documentLimits.bytes + 1) }] }] } })).not.toEqual([]);
  });

  test("no character that cannot be stored lies deep in a document", () => {
    const deep = { type: "doc", content: [{ type: "blockquote", content: [{ type: "blockquote", content: [{ type: "bulletList", content: [{ type: "listItem", content: [{ type: "paragraph", content: [{ type: "text", text: "a\u0000b\ud800" }] }] }] }] }] }] };
    const kept = (() => {
      try {
        return JSON.stringify(parseInput(saveDraftInput, { ...typed("words", 1), document: deep }).document);
      } catch (error) {
        return error instanceof Refused ? "" : String(error);
      }
    })();
    expect(kept).not.toMatch(/\\u0000|\\ud800/i);
  });
});
