import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { articleDeleted, commentDeleted } from "@/lib/feed/events";
import { withdrawArticle, withdrawComment } from "@/lib/notifications/withdrawals/commands";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { parking } from "../parking";

/** What was deleted leaves the inboxes and whatever waits, also when its own news is told after this. */
export const withdrawDeleted = inngest.createFunction(
  {
    id: "withdraw-deleted",
    name: "Take back news of what was deleted",
    triggers: [{ event: articleDeleted.name }, { event: commentDeleted.name }],
    concurrency: 10,
    retries: 10,
    onFailure: parking("withdraw-deleted"),
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const tenant = systemTenant(organizationId);
      if (event.name === articleDeleted.name) {
        const { article } = await refusingBadData(async () => articleDeleted.schema.parse(payload));
        return step.run("withdraw the article", () => withdrawArticle(tenant, article.id));
      }
      const { articleId, commentId } = await refusingBadData(async () => commentDeleted.schema.parse(payload));
      return step.run("withdraw the comment", () => withdrawComment(tenant, articleId, commentId));
    });
  },
);
