import { and, eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { asSystem, inTenant, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { articlePlaces, articles } from "../articles/tables";
import { comments } from "../comments/tables";
import { documentOfText } from "../document/rules";
import { feeds } from "../feeds/tables";
import { forgetIndexed, indexArticle, indexComment } from "./commands";
import type { Found } from "./mappings";
import { searchNews } from "./queries";
import { searchEntries, searchVocabulary, searchWords } from "./tables";

useTestDatabase();

interface World {
  owner: Member;
  workspaceId: string;
  feedId: string;
}

let maru: World;
let other: World;
let ada: Member;
let minutes = 0;

async function newsOf(owner: Member, workspaceId: string, slug = "news"): Promise<string> {
  const feedId = newId("feed");
  await inTenant(owner, (tx) => tx.insert(feeds).values({ id: feedId, organizationId: owner.organizationId, workspaceId, slug, first: true }));
  return feedId;
}

async function worldOf(email: string, name: string): Promise<World> {
  const { owner, workspaceId } = await foundOrganization(email, name);
  return { owner, workspaceId, feedId: await newsOf(owner, workspaceId) };
}

beforeAll(async () => {
  maru = await worldOf("ada@search.example", "Maru search");
  other = await worldOf("eve@search.example", "Other search");
  ada = maru.owner;
});

type State = "draft" | "scheduled" | "published" | "archived";

interface Written {
  state?: State;
  deleted?: boolean;
  publishedAt?: Date;
}

const instantOf = () => new Date(Date.UTC(2026, 9, 1, 0, (minutes += 1)));

async function write(world: World, title: string, text: string, { state = "published", deleted = false, publishedAt = instantOf() }: Written = {}): Promise<string> {
  const { owner, workspaceId, feedId } = world;
  const { organizationId } = owner;
  const articleId = newId("article");
  await inTenant(owner, async (tx) => {
    await tx.insert(articles).values({
      ...{ id: articleId, organizationId, feedId, authorId: owner.id, state, title, document: documentOfText(text), version: 1 },
      ...{ publishedAt: state === "published" || state === "archived" ? publishedAt : null, deletedAt: deleted ? publishedAt : null },
    });
    await tx.insert(articlePlaces).values({ organizationId, articleId, workspaceId, feedId, listedAt: publishedAt });
    await indexArticle(tx, owner, { articleId, title, text });
  });
  return articleId;
}

async function comment(world: World, articleId: string, text: string): Promise<string> {
  const { organizationId, id: authorId } = world.owner;
  const commentId = newId("comment");
  await inTenant(world.owner, async (tx) => {
    await tx.insert(comments).values({ id: commentId, organizationId, articleId, authorId, document: documentOfText(text), text, createdAt: instantOf() });
    await indexComment(tx, world.owner, { articleId, commentId, text });
  });
  return commentId;
}

const ids = (found: Found[]) => found.map(({ id }) => id);
const found = async (q: string, member: Member = ada) => ids((await searchNews(member, { q })).results);
const similar = async (q: string) => ids((await searchNews(ada, { q })).similar);

test("a title comes before a text, an article before a comment, and the newer before the older that fits as well", async () => {
  const older = await write(maru, "Plans", "The lighthouse is repainted in spring, says the keeper of it.");
  const newer = await write(maru, "Plans", "The lighthouse is repainted in spring, says the keeper of it.");
  const title = await write(maru, "Our lighthouse", "It stands where it stood.");
  const said = await comment(maru, title, "I love the lighthouse, the lighthouse, the lighthouse!");
  expect(await found("lighthouse")).toEqual([title, newer, older, said]);
});

test.each([
  ["English, whatever the ending", "The committee was reorganizing its weekly meetings", ["meeting", "reorganize", "reorganized committees", "COMMITTEE", "the committee"]],
  ["French, whatever the accents, elisions and endings", "L’été dernier, l'équipe a préparé une réunion générale à l’œuvre", ["ete", "l’été", "L'ÉTÉ", "équipe", "reunions", "générales", "oeuvre", "la réunion de l'equipe"]],
  ["Korean, whatever the particles", "지난주 회의록을 정리해서 공유합니다. 일정은 다음과 같습니다", ["회의록", "회의록을", "회의록에서는", "회의", "일정이", "정리했습니다", "공유하는", "지난주 회의록"]],
  ["Korean in parts of syllables, as some systems send it", "분기 보고서 초안", ["보고서".normalize("NFD"), "초안"]],
  ["words that are still being typed", "Quarterly onboarding checklist", ["onboa", "quarterly check", "on"]],
  ["several scripts in one word", "API를 바꾸는 MOIM-4711은 끝났다", ["api", "moim-4711", "4711"]],
])("finds %s", async (_, text, questions) => {
  const articleId = await write(maru, "Untitled", text);
  for (const question of questions) expect(await found(question), question).toContain(articleId);
});

test("what is not there is not found, and every word has to be there", async () => {
  const articleId = await write(maru, "Zebra crossing", "A zebra waits.");
  expect(await found("zebra giraffe")).not.toContain(articleId);
  expect(await found("zeb ")).not.toContain(articleId);
  expect(await found("회의실")).not.toContain(articleId);
});

test.each([
  ["a letter left out", "kaleidoscope exhibition", "kaleidscope"],
  ["letters exchanged", "A marvellous discotheque", "dicsotheque"],
  ["a wrong accent and a doubled letter", "Le calendrier de développement", "devellopement"],
  ["one wrong letter in a Korean syllable", "신규 입사자 환영회 안내", "신규 환영희"],
])("%s is taken for what was meant, below what is found", async (_, text, question) => {
  const articleId = await write(maru, "Untitled", text);
  expect(await found(question)).toEqual([]);
  expect(await similar(question)).toContain(articleId);
});

test("where no article has all the words, those that have some come as similar", async () => {
  const articleId = await write(maru, "Untitled", "Booking of the observatory");
  const page = await searchNews(ada, { q: "how do I get into the observatory tonight" });
  expect(page.results).toEqual([]);
  expect(ids(page.similar)).toContain(articleId);
});

test("what was asked for is marked in the title and in the part of the text that holds it", async () => {
  const text = `${"Nothing to see here. ".repeat(40)}The réunion about <b>pangolins</b> is today. ${"And so on. ".repeat(40)}`;
  const articleId = await write(maru, "Pangolin week", text);
  const [result] = (await searchNews(ada, { q: "pangolins reunions" })).results;
  expect(result?.id).toBe(articleId);
  expect(result?.title).toEqual([{ text: "Pangolin", match: true }, { text: " week", match: false }]);
  expect(result?.snippet.filter(({ match }) => match).map((piece) => piece.text)).toEqual(["réunion", "pangolins"]);
  const shown = result?.snippet.map((piece) => piece.text).join("") ?? "";
  expect(shown.length).toBeLessThan(260);
  expect(shown).toMatch(/^….*<b>pangolins<\/b> is today.*…$/);
});

test("in Korean what was asked for is marked without what follows it", async () => {
  await write(maru, "제목", "내일까지 예산안을 보내 주세요.");
  const [result] = (await searchNews(ada, { q: "예산안이" })).results;
  expect(result?.snippet).toEqual([{ text: "내일까지 ", match: false }, { text: "예산안", match: true }, { text: "을 보내 주세요.", match: false }]);
});

test("a draft, a scheduled, an archived and a deleted article are not found, nor comments at them", async () => {
  for (const [index, [state, deleted]] of ([["draft", false], ["scheduled", false], ["archived", false], ["published", true]] as const).entries()) {
    const articleId = await write(maru, `Quokka${index}`, "quokka", { state, deleted });
    await comment(maru, articleId, "What a quokka");
  }
  const page = await searchNews(ada, { q: "quokka" });
  expect([...page.results, ...page.similar]).toEqual([]);
});

test("a deleted comment is not found, whether or not the index has forgotten it", async () => {
  const articleId = await write(maru, "Untitled", "Nothing");
  const commentId = await comment(maru, articleId, "narwhals everywhere");
  expect(await found("narwhals")).toEqual([commentId]);
  await inTenant(ada, (tx) => tx.update(comments).set({ deletedAt: instantOf() }).where(eq(comments.id, commentId)));
  expect(await found("narwhals")).toEqual([]);
  await inTenant(ada, (tx) => tx.update(comments).set({ deletedAt: null }).where(eq(comments.id, commentId)));
  await inTenant(ada, (tx) => forgetIndexed(tx, ada, { commentId }));
  expect(await found("narwhals")).toEqual([]);
});

test("only who is in a workspace finds what is read there, also of what was mistyped", async () => {
  const secret = newId("workspace");
  await inTenant(ada, (tx) => tx.insert(workspaces).values({ id: secret, organizationId: ada.organizationId, name: "Secret", slug: "secret" }));
  const feedId = await newsOf(ada, secret);
  const articleId = await write({ owner: ada, workspaceId: secret, feedId }, "Acquisition of Xylophonics", "The xylophonics deal");
  await comment(maru, articleId, "Xylophonics!");
  const nothing = { results: [], similar: [], nextCursor: null };
  for (const q of ["xylophonics", "xylofonics", "acquisition"]) expect(await searchNews(ada, { q }), q).toEqual(nothing);
  await inTenant(ada, (tx) => tx.insert(workspaceMembers).values({ organizationId: ada.organizationId, workspaceId: secret, memberId: ada.id }));
  expect(await found("xylophonics")).toHaveLength(2);
  expect((await searchNews(ada, { q: "xylophonics", workspace: "secret" })).results).toHaveLength(2);
  const [place] = (await searchNews(ada, { q: "xylophonics" })).results[0]?.workspaces ?? [];
  expect(place).toEqual({ slug: "secret", name: "Secret" });
  const outsider = await joinAs(ada, "joe@search.example");
  await expect(searchNews(outsider, { q: "xylophonics", workspace: "secret" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await inTenant(ada, (tx) => tx.delete(workspaceMembers).where(and(eq(workspaceMembers.workspaceId, secret), eq(workspaceMembers.memberId, ada.id))));
  expect(await found("xylophonics")).toEqual([]);
});

test("another organization's articles, comments and words are never found", async () => {
  const articleId = await write(other, "Okapi report", "The okapi of the other organization");
  await comment(other, articleId, "okapi okapi");
  expect(await searchNews(ada, { q: "okapi" })).toEqual({ results: [], similar: [], nextCursor: null });
  expect(await found("okapi", other.owner)).toHaveLength(2);
  const asked = (tx: Tx, q: string) => tx.execute(sql`select set_config('app.search', ${q}, true), set_config('app.search_word', ${q}, true)`);
  await inTenant(ada, async (tx) => {
    await asked(tx, "okapi");
    expect(await tx.select().from(searchWords)).toEqual([]);
    expect(await tx.select().from(searchVocabulary)).toEqual([]);
  });
  // Not even everything of one's own is there for who asks for nothing.
  await inTenant(other.owner, async (tx) => {
    expect(await tx.select().from(searchWords)).toEqual([]);
    expect(await tx.select().from(searchVocabulary)).toEqual([]);
    await asked(tx, "okapi");
    expect(await tx.select().from(searchWords)).toHaveLength(2);
    expect(await tx.select().from(searchVocabulary)).toHaveLength(1);
  });
  const place = { entryId: articleId, organizationId: other.owner.organizationId, title: "", words: "" };
  await expect(inTenant(ada, (tx) => tx.insert(searchWords).values(place))).rejects.toThrow();
  await inTenant(ada, (tx) => forgetIndexed(tx, ada, { articleId }));
  expect(await found("okapi", other.owner)).toHaveLength(2);
});

test("what is written again is found by its new words only, and what is purged leaves nothing", async () => {
  const articleId = await write(maru, "Untitled", "capybara");
  const commentId = await comment(maru, articleId, "capybaras are calm");
  await inTenant(ada, (tx) => indexArticle(tx, ada, { articleId, title: "Untitled", text: "wombat" }));
  expect(await found("capybara")).toEqual([commentId]);
  expect(await found("wombat")).toEqual([articleId]);
  await inTenant(ada, (tx) => tx.delete(articles).where(eq(articles.id, articleId)));
  const left = await asSystem("housekeeping", (tx) => tx.select().from(searchEntries).where(eq(searchEntries.articleId, articleId)));
  expect(left).toEqual([]);
  expect(await found("wombat")).toEqual([]);
});

test("pages follow one another without gap or repetition, and a foreign cursor is refused", async () => {
  const written: string[] = [];
  for (let index = 0; index < 45; index += 1) written.push(await write(maru, "Untitled", "axolotl number something"));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await searchNews(ada, { q: "axolotl", ...(cursor && { cursor }) });
    seen.push(...ids(page.results));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual([...written].reverse());
  await expect(searchNews(ada, { q: "axolotl", cursor: "mbr_1" })).rejects.toMatchObject({ code: "INVALID" });
});

test("a question of signs, of operators or of quotes finds nothing and breaks nothing", async () => {
  for (const q of ["'", "!&|():*<->", "'; drop table articles; --", "\\", "a:* & b", "%_%", "ㅎ", "😀", "'".repeat(200), "x".repeat(200), "ㅎ".repeat(200)]) {
    await expect(searchNews(ada, { q }), q).resolves.toMatchObject({ nextCursor: null });
  }
});

test("the longest text that can be written is indexed, however many different words it has", async () => {
  let state = 7;
  const random = (max: number) => (state = (state * 48_271) % 2_147_483_647) % max;
  const syllables = Array.from({ length: 170_000 }, () => String.fromCodePoint(0xac00 + random(11_172))).join("");
  const words = Array.from({ length: 60_000 }, () => random(2_147_483_647).toString(36)).join(" ");
  for (const text of [syllables, words]) expect(await write(maru, text.slice(0, 200), text)).toMatch(/^art_/);
});
