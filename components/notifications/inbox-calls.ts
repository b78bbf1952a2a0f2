import type { InboxCount } from "@/lib/notifications/inbox/queries";
import type { ReadNotificationsInput, SnoozeNotificationsInput, UnreadNotificationsInput } from "@/lib/notifications/inbox/inputs";

export type InboxCall = { path: "read"; body: ReadNotificationsInput } | { path: "unread"; body: UnreadNotificationsInput } | { path: "snooze"; body: SnoozeNotificationsInput };
export type InboxAnswer = InboxCount & { readAt?: string };

/** Asks the server for a change of the inbox. @throws when it refuses or cannot be reached. */
export async function callInbox(organization: string, { path, body }: InboxCall): Promise<InboxAnswer> {
  // `keepalive`, because opening a row leaves this page while the request is on its way.
  const response = await fetch(`/api/notifications/${path}?organization=${encodeURIComponent(organization)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    keepalive: true,
  });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return (await response.json()) as InboxAnswer;
}
