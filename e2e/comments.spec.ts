import type { Page } from "@playwright/test";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { publishArticle } from "./support/articles";
import { expect, test } from "./support/test";
import { unique } from "./support/unique";

const commentWith = (page: Page, words: string) => page.locator("[id^=cmt_]").filter({ hasText: words });

test("a conversation is live for everybody, exact under a storm of likes, and kept through a lost connection", async ({ team, apiOf, pageOf, watch }) => {
  const [adaApi, camilleApi, minjunApi] = [await apiOf(team.ada), await apiOf(team.camille), await apiOf(team.minjun)];
  const article = await publishArticle(adaApi, team.slug, unique("Conversation"));
  const address = `/${team.slug}/articles/${article}`;
  const [ada, camille] = [await pageOf(team.ada), await pageOf(team.camille)];
  await ada.goto(address);
  await camille.goto(address);

  await test.step("a comment shows at once, and in the other browser by itself", async () => {
    await camille.getByRole("textbox", { name: "Écrire un commentaire" }).fill("Bonne nouvelle !");
    await camille.getByRole("button", { name: "Commenter" }).dblclick();
    await expect(commentWith(camille, "Bonne nouvelle !")).toHaveCount(1);
    await expect(commentWith(ada, "Bonne nouvelle !")).toHaveCount(1);
    await expect(ada.getByRole("heading", { name: "1 comment" })).toBeVisible();
  });

  await test.step("an answer by the keyboard alone", async () => {
    await commentWith(ada, "Bonne nouvelle !").getByRole("button", { name: /^Reply to Camille/ }).press("Enter");
    const field = ada.getByRole("textbox", { name: /^Reply to Camille/ });
    await expect(field).toBeFocused();
    await ada.keyboard.type("Thank you");
    await ada.keyboard.press("Control+Enter");
    await expect(commentWith(camille, "Thank you")).toHaveCount(1);
    await expect(field).toHaveCount(0);
  });

  await test.step("a change and a deletion reach the other", async () => {
    const mine = commentWith(ada, "Thank you");
    await mine.locator("summary").click();
    await mine.getByRole("button", { name: "Edit" }).click();
    const field = ada.getByRole("textbox", { name: "Change your comment" });
    await field.press("End");
    await ada.keyboard.type(" very much");
    await ada.getByRole("button", { name: "Save" }).click();
    await expect(commentWith(camille, "Thank you very much")).toContainText("modifié");
    await mine.locator("summary").click();
    await mine.getByRole("button", { name: "Delete" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(commentWith(camille, "Thank you very much")).toHaveCount(0);
  });

  await test.step("twenty clients at once, back and forth, end exact on both screens", async () => {
    const [commentId] = ((await (await adaApi.get(`/api/comments?article=${article}`)).json()) as { comments: { id: string }[] }).comments.map(({ id }) => id);
    const apis = [adaApi, camilleApi, minjunApi];
    await Promise.all(
      Array.from({ length: 20 }, async (_, client) => {
        const api = apis[client % apis.length] ?? adaApi;
        for (const id of [article, commentId]) {
          expect((await api.delete(`/api/likes/${id}`)).status()).toBe(200);
          expect((await api.put(`/api/likes/${id}`)).status()).toBe(200);
        }
      }),
    );
    expect((await minjunApi.delete(`/api/likes/${article}`)).status()).toBe(200);
    for (const [id, likes] of [[article, 2], [commentId, 3]] as const) {
      expect(await (await adaApi.get(`/api/likes/${id}`)).json()).toMatchObject({ likes, liked: true, people: { length: likes } });
    }
    for (const page of [ada, camille]) {
      await expect(page.locator("[data-likes='2']")).toHaveCount(1);
      await expect(commentWith(page, "Bonne nouvelle !").locator("[data-likes='3']")).toHaveCount(1);
    }
    await ada.locator("[data-likes='2']").click();
    await expect(ada.getByRole("dialog").getByRole("listitem")).toHaveText([/Camille Laurent|Ada Sinclair/, /Camille Laurent|Ada Sinclair/]);
    await ada.keyboard.press("Escape");
    await ada.getByRole("button", { name: "Like this article" }).dblclick();
    await expect(ada.locator("[data-likes='2']")).toHaveCount(1);
  });

  await test.step("what is written survives a reload, and what is sent offline goes out by itself", async () => {
    const field = () => camille.getByRole("textbox", { name: "Écrire un commentaire" });
    await field().click();
    await camille.keyboard.type("À suivre");
    await expect.poll(() => camille.evaluate(() => JSON.stringify(localStorage))).toContain("À suivre");
    await camille.reload();
    await expect(field()).toHaveText("À suivre");
    await camille.context().setOffline(true);
    await camille.getByRole("button", { name: "Commenter" }).click();
    await expect(camille.getByText("Pas encore envoyé")).toBeVisible();
    await expect(field()).toHaveText("");
    await camille.context().setOffline(false);
    await expect(commentWith(ada, "À suivre")).toHaveCount(1);
    await expect(commentWith(camille, "À suivre")).toHaveCount(1);
    await expect(camille.getByText("Pas encore envoyé")).toHaveCount(0);
    watch.forgive(/ERR_INTERNET_DISCONNECTED/);
  });

  await test.step("a link leads to its comment; everybody can use the page, on a phone, too", async () => {
    const id = await commentWith(ada, "À suivre").getAttribute("id");
    await ada.goto(`${address}#${id}`);
    await expect(ada.locator(`#${id}`)).toBeFocused();
    await expectAccessible(ada);
    await ada.setViewportSize({ width: 360, height: 780 });
    await ada.emulateMedia({ colorScheme: "dark" });
    await expectNoOverflow(ada);
    await expectAccessible(ada);
  });

  await test.step("whoever has a deleted article open is told", async () => {
    expect((await adaApi.delete(`/api/articles/${article}`)).status()).toBe(204);
    await expect(camille.getByRole("heading", { level: 1 })).toHaveText("Cet article a été supprimé");
    expect((await camilleApi.post("/api/comments", { data: { article, text: "Trop tard" } })).status()).toBe(410);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("articles are commented, answered and liked by forms", async ({ team, apiOf, page }) => {
    const article = await publishArticle(await apiOf(team.ada), team.slug, unique("Plain"));
    await page.context().addCookies(team.ada.state.cookies);
    await page.goto(`/${team.slug}/articles/${article}`);
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await expect(page.getByText("This is needed.")).toBeVisible();
    await page.getByRole("textbox", { name: "Write a comment" }).fill("By hand");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await expect(commentWith(page, "By hand")).toHaveCount(1);
    // Roles and texts are not looked for in what stands in for scripts.
    const answer = page.locator("noscript").filter({ has: page.locator("textarea") });
    await answer.locator("summary").click();
    await answer.locator("textarea").fill("To myself");
    await answer.locator("button[type=submit]").click();
    await expect(commentWith(page, "To myself")).toHaveCount(1);
    await page.getByRole("button", { name: "Like the comment by Ada Sinclair" }).first().click();
    await expect(commentWith(page, "By hand").locator("[data-likes='1']")).toHaveCount(1);
    await commentWith(page, "To myself").locator("summary").click();
    await commentWith(page, "To myself").getByRole("button", { name: "Delete" }).click();
    await expect(commentWith(page, "To myself")).toHaveCount(0);
  });
});
