import { expect, type APIRequestContext } from "@playwright/test";

/** An article in the first feed of a team's first workspace, which is called as the team. */
export async function publishArticle(api: APIRequestContext, workspace: string, title: string, more: Record<string, unknown> = {}): Promise<string> {
  const { feeds } = (await (await api.get(`/api/feeds?workspace=${workspace}`)).json()) as { feeds: { id: string; first: boolean }[] };
  const response = await api.post("/api/articles", { data: { feedId: feeds.find(({ first }) => first)?.id, title, text: `${title}.`, ...more } });
  expect(response.status(), await response.text()).toBe(201);
  return ((await response.json()) as { id: string }).id;
}
