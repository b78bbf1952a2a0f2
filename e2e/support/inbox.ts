import type { APIRequestContext, Page } from "@playwright/test";

/** The unread count in the navigation that is on screen. */
export const inboxBadge = (page: Page) => page.locator('nav a[href$="/inbox"] [data-unread]').locator("visible=true");

export async function unreadCount(page: Page): Promise<number> {
  await page.locator('nav a[href$="/inbox"]').locator("visible=true").waitFor();
  const badge = inboxBadge(page);
  return (await badge.count()) === 0 ? 0 : Number(await badge.innerText());
}

export interface InboxRow {
  id: string;
  type: string;
  subjectId: string;
  readAt: string | null;
  thread: { earlier: number };
}

/** The inbox rows about one thing, as the API tells them. */
export async function inboxAbout(api: APIRequestContext, subjectId: string): Promise<InboxRow[]> {
  const { notifications } = (await (await api.get("/api/notifications?limit=100")).json()) as { notifications: InboxRow[] };
  return notifications.filter((row) => row.subjectId === subjectId);
}
