/** Where an issue is shown here, below the organization's own address, by the subject of its notifications; null when it has no page. */
export const issuePath = (subjectId: string) => (/^con_[a-z0-9]+\/[A-Z0-9_]+-\d+$/.test(subjectId) ? `/issues/${subjectId}` : null);

/**
 * The page here that a notification about a linked service leads to; null where there is none: what was deleted over there, or what only
 * its own sender shows.
 */
export function linkedPath(type: string, subjectId: string): string | null {
  switch (type) {
    case "jira.issue.created":
    case "jira.issue.updated":
    case "jira.comment.created":
      return issuePath(subjectId);
    case "connection.broken":
      return `/settings/integrations/${subjectId}`;
    case "account.unlinked":
      return "/settings/subscriptions";
    case "subscription.paused":
      return `/settings/webhooks/${subjectId}`;
    default:
      return null;
  }
}
