import { afterCommit, type Tx } from "@/lib/platform/db/client";
import { articleChannel, publishRealtime, realtimeBatch, workspaceChannel, type RealtimeMessage } from "@/lib/platform/realtime";

/** What pages of a workspace's news hear. */
export type FeedChange = "published" | "updated" | "removed" | "pinned";
/** What whoever has an article open hears. */
export type ArticleChange = { what: "article" } | { what: "comments"; commentId: string } | { what: "likes"; commentId: string | null };

/**
 * Calls out to the pages that show something, once the change has committed: which thing changed and never what it says, since a tab may
 * keep its socket a moment longer than its reader keeps their access. A call may be lost without harm: pages ask again when they
 * reconnect or are looked at. Directly and not by the outbox, because a conversation is live or it is none.
 */
export function callWorkspaces(tx: Tx, workspaceIds: string[], articleId: string, change: FeedChange): void {
  callAfter(tx, workspaceIds.map((id) => ({ channel: workspaceChannel(id), event: "articles.changed", data: { articleId, change } })));
}

export function callReaders(tx: Tx, articleId: string, change: ArticleChange): void {
  callAfter(tx, [{ channel: articleChannel(articleId), event: "article.changed", data: { articleId, ...change } }]);
}

function callAfter(tx: Tx, messages: RealtimeMessage[]): void {
  afterCommit(tx, () => {
    for (let from = 0; from < messages.length; from += realtimeBatch) void publishRealtime(messages.slice(from, from + realtimeBatch));
  });
}
