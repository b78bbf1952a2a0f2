import { eq } from "drizzle-orm";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startStorage } from "@/local/storage/testing";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { memberById, type Member } from "@/lib/organizations/actor";
import { removeMember } from "@/lib/organizations/membership/commands";
import { workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { archiveArticle, deleteArticle } from "../articles/commands";
import { articles } from "../articles/tables";
import { publishNews, workspaceWith } from "../testing";
import { deleteMedia, describeMedia, holdMedia, releaseMedia } from "./commands";
import type { MediaView } from "./mappings";
import { mediaAt, mediaOf } from "./queries";
import { mediaAddress } from "./serving/queries";
import { deleteUnheld, noteForgotten } from "./sweeping/commands";
import { articleMedia, media } from "./tables";
import { ready, rowOf } from "./testing";

const storage = await startStorage();
useTestDatabase();
afterAll(() => storage.stop());

let owner: Member;
let author: Member;
let reader: Member;
let admin: Member;
let outsider: Member;
let stranger: Member;
let workspaceId: string;
let picture: MediaView;
let articleId: string;

const png = () => sharp({ create: { width: 30, height: 20, channels: 3, background: "#3a7" } }).png().toBuffer();
const mediaDocument = (mediaId: string) => ({ type: "doc", content: [{ type: "media", attrs: { mediaId, caption: "" } }] });
const sees = async (member: Member, id: string) => {
  const outcomes = await Promise.all([
    mediaAddress(member, id, "original").then(() => true, refusedAs("NOT_FOUND")),
    mediaAt(member, id).then(() => true, refusedAs("NOT_FOUND")),
    inTenant(member, (tx) => mediaOf(tx, member, [id])).then((found) => found.has(id)),
  ]);
  // Whichever way is asked, the answer is one.
  expect(new Set(outcomes).size).toBe(1);
  return outcomes[0];
};
const refusedAs = (code: string) => (error: unknown) => {
  if (error instanceof Refused && error.code === code) return false;
  throw error;
};
const codeOf = (work: Promise<unknown>) => work.then(() => "went through", (error: unknown) => (error instanceof Refused ? (error.fields[0]?.code ?? error.code) : String(error)));

beforeAll(async () => {
  const founded = await foundOrganization("owner@here.example", "Here");
  owner = founded.owner;
  author = await joinAs(owner, "author@here.example");
  reader = await joinAs(owner, "reader@here.example");
  admin = await joinAs(owner, "admin@here.example", "admin");
  outsider = await joinAs(owner, "outsider@here.example", "admin");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
  workspaceId = (await workspaceWith("Garden", [author, reader, admin])).workspaceId;
});
beforeEach(async () => {
  picture = await ready(author, await png(), "image/png", "plan.png");
  articleId = await publishNews(author, workspaceId, "A plan", { document: mediaDocument(picture.id) });
});

describe("what an article shows", () => {
  test("is seen by whoever may read it, and by nobody else", async () => {
    const seen = await Promise.all([author, reader, admin, outsider, owner, stranger].map((member) => sees(member, picture.id)));
    expect(seen).toEqual([true, true, true, false, false, false]);
  });

  test("is seen no more by somebody who left the workspace, nor by somebody who was removed", async () => {
    const guest = await joinAs(owner, `guest${picture.id}@here.example`);
    await asSystem("demo", (tx) => tx.insert(workspaceMembers).values({ organizationId: guest.organizationId, workspaceId, memberId: guest.id }));
    expect(await sees(guest, picture.id)).toBe(true);
    const address = await mediaAddress(guest, picture.id, "original");
    expect((await fetch(address)).status).toBe(200);
    await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, guest.id)));
    expect(await sees(guest, picture.id)).toBe(false);
    // Every road to a Member ends where somebody was removed (`actor.ts`).
    await removeMember(owner, guest.id);
    expect(await memberById(systemTenant(guest.organizationId), guest.id)).toBeNull();
  });

  test("stays while it is archived, and is gone for its readers once it is deleted", async () => {
    await archiveArticle(author, articleId);
    expect(await sees(reader, picture.id)).toBe(true);
    await deleteArticle(author, articleId);
    expect(await sees(reader, picture.id)).toBe(false);
  });

  test("earlier is for those who may look at its history", async () => {
    await inTenant(author, (tx) => holdMedia(tx, author, { articleId, holder: "article", mediaIds: [] }));
    expect(await Promise.all([author, admin, reader, outsider].map((member) => sees(member, picture.id)))).toEqual([true, true, false, false]);
  });

  test("is described by its uploader and by whoever may change it", async () => {
    const outcomes = await Promise.all([author, admin, reader, outsider, stranger].map((member) => codeOf(describeMedia(member, picture.id, { alt: `As ${member.name} says` }))));
    expect(outcomes).toEqual(["went through", "went through", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]);
  });

  test("cannot be deleted by its uploader; the refusal names it", async () => {
    const refused = await deleteMedia(author, picture.id).then(() => null, (error: unknown) => error);
    expect(refused instanceof Refused && [refused.code, refused.extra]).toEqual(["CONFLICT", { articles: [{ id: articleId, title: "A plan" }] }]);
    await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, author.id)));
    const unnamed = await deleteMedia(author, picture.id).then(() => null, (error: unknown) => error);
    await asSystem("demo", (tx) => tx.insert(workspaceMembers).values({ organizationId: author.organizationId, workspaceId, memberId: author.id }));
    expect(unnamed instanceof Refused && unnamed.extra).toEqual({ articles: [] });
    await deleteArticle(author, articleId);
    await deleteMedia(author, picture.id);
    expect(await rowOf(picture.id)).toBeUndefined();
  });
});

describe("a draft", () => {
  test("shows its pictures to its author alone, whoever uploaded them", async () => {
    const own = await ready(admin, await png(), "image/png");
    await inTenant(admin, (tx) => holdMedia(tx, admin, { articleId, holder: admin.id, mediaIds: [own.id, picture.id] }));
    expect(await Promise.all([admin, author, reader].map((member) => sees(member, own.id)))).toEqual([true, false, false]);
  });

  test("takes no picture of another's draft, of another tenant, that never was or that was refused", async () => {
    const hidden = await ready(admin, await png(), "image/png");
    const foreign = await ready(stranger, await png(), "image/png");
    const refused = await ready(author, await png(), "image/png");
    await asSystem("demo", (tx) => tx.update(media).set({ state: "refused" }).where(eq(media.id, refused.id)));
    await inTenant(admin, (tx) => holdMedia(tx, admin, { articleId, holder: admin.id, mediaIds: [hidden.id] }));
    const holding = (mediaId: string) => codeOf(inTenant(author, (tx) => holdMedia(tx, author, { articleId, holder: author.id, mediaIds: [mediaId] })));
    expect(await holding(hidden.id)).toBe("unknown-media");
    expect(await holding(foreign.id)).toBe("unknown-media");
    expect(await holding("med_01h455vb4pex5vsknk084sn02q")).toBe("unknown-media");
    expect(await holding("../../etc/passwd")).toBe("unknown-media");
    expect(await holding(refused.id)).toBe("refused-media");
    expect(await holding(picture.id)).toBe("went through");
  });
});

describe("what nothing shows", () => {
  const afterHours = (hours: number) => clock.at(new Date(Date.now() + hours * 3600_000), deleteUnheld);

  test("stays for a day, so that undoing brings it back, and goes then", async () => {
    const loose = await ready(author, await png(), "image/png");
    const put = (mediaIds: string[]) => inTenant(author, (tx) => holdMedia(tx, author, { articleId, holder: author.id, mediaIds }));
    await put([loose.id]);
    await afterHours(48);
    expect(await rowOf(loose.id)).toBeDefined();
    await put([]);
    await afterHours(23);
    expect(await rowOf(loose.id)).toBeDefined();
    await put([loose.id]);
    await afterHours(48);
    expect(await rowOf(loose.id)).toBeDefined();
    await put([]);
    await afterHours(25);
    expect(await rowOf(loose.id)).toBeUndefined();
    // What the article shows stood by all along.
    expect(await rowOf(picture.id)).toBeDefined();
  });

  test("because its article was purged goes a day later, also when the database alone knew of it", async () => {
    const other = await ready(author, await png(), "image/png");
    const purged = await publishNews(author, workspaceId, "Gone", { document: mediaDocument(other.id) });
    await inTenant(author, (tx) => releaseMedia(tx, articleId));
    await asSystem("demo", (tx) => tx.delete(articles).where(eq(articles.id, purged)));
    expect(await asSystem("demo", (tx) => tx.select().from(articleMedia).where(eq(articleMedia.mediaId, other.id)))).toEqual([]);
    expect(await noteForgotten()).toBeGreaterThan(0);
    await afterHours(25);
    expect([await rowOf(other.id), await rowOf(picture.id)]).toEqual([undefined, undefined]);
  });
});
