import type { APIRequestContext, Page } from "@playwright/test";
import { expectAccessible, expectNoOverflow } from "./support/axe";
import { foundTeam } from "./support/people";
import { expect, test } from "./support/test";
import { unique } from "./support/unique";

/** The news of the workspace that a team begins with: its address and its first feed. */
async function newsOf(api: APIRequestContext, page: Page, org: string): Promise<{ slug: string; feedId: string }> {
  await page.goto(`/${org}`);
  const href = await page.getByRole("navigation", { name: "Workspaces" }).getByRole("link").first().getAttribute("href");
  const slug = href?.split("/").at(-1) ?? "";
  const response = await api.get(`/api/feeds?workspace=${slug}`);
  const { feeds } = (await response.json()) as { feeds: { id: string; first: boolean }[] };
  return { slug, feedId: feeds.find(({ first }) => first)?.id ?? "" };
}

async function publish(api: APIRequestContext, input: Record<string, unknown>): Promise<string> {
  const response = await api.post("/api/articles", { data: { text: "Words for everybody.\n\nAnd a second paragraph.", ...input } });
  expect(response.status(), await response.text()).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

const narrow = { width: 360, height: 800 };

async function expectCalm(page: Page): Promise<void> {
  await expectNoOverflow(page);
  await expectAccessible(page);
}

test("what is published reaches its readers as a pill, is read, confirmed, changed, put away and deleted under their eyes", async ({ browser, pageOf, apiOf }) => {
  // Counts what a workspace shows, so nobody else may publish in it meanwhile.
  const team = await foundTeam(browser, unique("Reading"));
  const [ada, camille, api] = await Promise.all([pageOf(team.ada), pageOf(team.camille), apiOf(team.ada)]);
  const { slug, feedId } = await newsOf(api, ada, team.slug);
  const feed = `/${team.slug}/w/${slug}`;
  const rows = camille.locator("[data-feed] [data-row-id]");
  const mark = camille.getByRole("navigation", { name: "Espaces" }).locator("[data-unread-news]");
  await publish(api, { feedId, title: unique("Older") });

  await test.step("new articles wait in a pill and move nothing", async () => {
    await camille.goto(feed);
    await expect(rows).toHaveCount(1);
    await expect(mark).toHaveText("1");
    const heard = camille.waitForResponse((response) => response.url().includes("/api/articles/newer"));
    await heard;
    const title = unique("Fresh");
    const id = await publish(api, { feedId, title });
    const pill = camille.getByRole("button", { name: "1 nouvel article" });
    await expect(pill).toBeVisible();
    await expect(mark).toHaveText("2");
    await expect(rows).toHaveCount(1);
    await pill.click();
    await expect(rows.first()).toContainText(title);
    await expect(rows.first().getByRole("link")).toBeFocused();
    await expect(pill).toBeHidden();
    await expectCalm(camille);

    await camille.keyboard.press("j");
    await camille.keyboard.press("k");
    await camille.keyboard.press("Enter");
    await expect(camille).toHaveURL(new RegExp(id));
    await expect(camille.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(mark).toHaveText("1");
    await camille.goBack();
    await expect(rows.first()).not.toHaveAttribute("data-unread");
    await expect(rows.nth(1)).toHaveAttribute("data-unread");
    await camille.getByRole("button", { name: "Tout marquer comme lu" }).click();
    await expect(mark).toHaveCount(0);
    await expect(rows.nth(1)).not.toHaveAttribute("data-unread");
  });

  const must = unique("House rules");
  const mustId = await publish(api, { feedId, title: must, mustRead: { dueAt: new Date(Date.now() + 3 * 86_400_000).toISOString() } });

  await test.step("what is pinned folds away, and stays so", async () => {
    await ada.goto(`/${team.slug}/articles/${mustId}`);
    await ada.locator("summary", { hasText: "More for this article" }).click();
    await ada.getByRole("button", { name: /^Pin in/ }).click();
    const pins = camille.locator("details", { has: camille.getByRole("heading", { name: "Épinglés" }) });
    await expect(pins.getByRole("link", { name: must })).toBeVisible();
    await expect(pins).toContainText("1 non lu");
    await expect(pins).toContainText("À lire avant le");
    await pins.locator("summary").click();
    await camille.reload();
    await expect(pins.getByRole("link", { name: must })).toBeHidden();
    await pins.locator("summary").click();
    await pins.getByRole("link", { name: must }).click();
  });

  await test.step("a must-read is confirmed, and its author sees by whom", async () => {
    await expect(camille.getByRole("heading", { level: 1 })).toHaveText(must);
    await camille.setViewportSize(narrow);
    await expectCalm(camille);
    // It shows at once; what is stored is read after the reload.
    const stored = camille.waitForResponse((response) => response.request().method() === "POST" && response.url().includes(mustId));
    await camille.getByRole("button", { name: "J’ai lu" }).click();
    await stored;
    await expect(camille.getByText(/^(Vous avez confirmé l’avoir lu|Confirmé)/)).toBeVisible();
    await camille.reload();
    await expect(camille.getByText(/^Confirmé/)).toBeVisible();
    await ada.goto(`/${team.slug}/articles/${mustId}/readers`);
    await expect(ada.getByText("1 of 2 have confirmed")).toBeVisible();
    await expect(ada.getByRole("listitem").filter({ hasText: team.minjun.name })).toBeVisible();
    await ada.getByRole("button", { name: "Remind 1 person" }).click();
    await expect(ada.getByText("1 person was reminded.")).toBeVisible();
    await expect(ada.getByRole("button", { name: "Remind 1 person" })).toBeHidden();
    await ada.getByRole("link", { name: "Confirmed (1)" }).click();
    await expect(ada.getByRole("listitem").filter({ hasText: team.camille.name })).toBeVisible();
    await expectCalm(ada);
    const csv = await ada.request.get(`/${team.slug}/articles/${mustId}/readers/csv`);
    expect(await csv.text()).toMatch(new RegExp(`"${team.camille.name}","yes","[^"]+","1"`));
    const reader = await camille.request.get(`/${team.slug}/articles/${mustId}/readers`);
    expect(reader.status()).toBe(404);
  });

  await test.step("a newer version is offered, not put in its place", async () => {
    await api.patch(`/api/articles/${mustId}`, { data: { text: "Changed while somebody reads." } });
    await expect(camille.getByText("Une version plus récente est disponible.")).toBeVisible();
    await expect(camille.getByText("Words for everybody.")).toBeVisible();
    await camille.getByRole("button", { name: "L’afficher" }).click();
    await expect(camille.getByText("Changed while somebody reads.")).toBeVisible();
    await expect(camille.getByText("Words for everybody.")).toBeHidden();
  });

  await test.step("put away, and then deleted, for whoever has it open", async () => {
    await ada.goto(`/${team.slug}/articles/${mustId}`);
    await ada.locator("summary", { hasText: "More for this article" }).click();
    await ada.getByRole("link", { name: "Archive…" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
    await expect(camille.getByText("Cet article est archivé")).toBeVisible();
    await ada.goto(`${feed}/archive`);
    await expect(ada.getByRole("link", { name: must })).toBeVisible();
    await expectCalm(ada);
    await ada.getByRole("link", { name: must }).click();
    await ada.locator("summary", { hasText: "More for this article" }).click();
    await ada.getByRole("link", { name: "Delete…" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(ada).toHaveURL(new RegExp(`${feed}$`));
    await expect(camille.getByRole("heading", { level: 1 })).toHaveText("Cet article a été supprimé");
    await expectCalm(camille);
  });
});

test("whoever is taken out of a workspace finds words instead of its news", async ({ team, pageOf, apiOf, watch }) => {
  const [ada, camille, api] = await Promise.all([pageOf(team.ada), pageOf(team.camille), apiOf(team.ada)]);
  const name = unique("Studio");
  await ada.goto(`/${team.slug}/settings/organization`);
  await ada.getByRole("textbox", { name: "New workspace" }).fill(name);
  await ada.getByRole("button", { name: "Create" }).click();
  await ada.getByRole("link", { name: `Members and feeds of ${name}` }).click();
  await expect(ada.getByRole("heading", { name: "1 member" })).toBeVisible();
  const slug = new URL(ada.url()).pathname.split("/").at(-1) ?? "";

  const refused = await camille.goto(`/${team.slug}/w/${slug}`);
  expect(refused?.status()).toBe(404);
  await expect(camille.getByRole("heading", { level: 1 })).toHaveText("Cet espace ne vous est pas ouvert");
  await expectAccessible(camille);

  await ada.getByRole("combobox", { name: "Add somebody" }).fill("Camille");
  await ada.keyboard.press("ArrowDown");
  await ada.keyboard.press("Enter");
  await ada.getByRole("button", { name: "Add", exact: true }).click();
  await expect(ada.getByRole("heading", { name: "2 members" })).toBeVisible();
  await ada.getByRole("textbox", { name: "New feed" }).fill("Ideas");
  await ada.locator("form", { has: ada.getByRole("textbox", { name: "New feed" }) }).getByRole("button", { name: "Create" }).click();
  await expect(ada.getByText("Ideas", { exact: true })).toBeVisible();
  await ada.setViewportSize(narrow);
  await expectCalm(ada);

  const { feeds } = (await (await api.get(`/api/feeds?workspace=${slug}`)).json()) as { feeds: { id: string; slug: string }[] };
  const id = await publish(api, { feedId: feeds.find((feed) => feed.slug === "ideas")?.id, title: unique("Idea") });
  await camille.goto(`/${team.slug}/w/${slug}?feed=ideas`);
  await expect(camille.locator("[data-feed] [data-row-id]")).toHaveCount(1);

  await ada.locator("summary", { hasText: `Remove Camille Laurent from ${name}` }).click();
  await ada.locator("form").getByRole("button", { name: `Remove Camille Laurent from ${name}` }).click();
  await expect(ada.getByRole("heading", { name: "1 member" })).toBeVisible();
  const link = await camille.goto(`/${team.slug}/articles/${id}`);
  expect(link?.status()).toBe(404);
  await expect(camille.getByRole("heading", { level: 1 })).toHaveText("Cet article ne vous est pas ouvert");
  // Her page of the news may still have been asking for what it was to hear.
  watch.forgive(/status of 403/);
});
