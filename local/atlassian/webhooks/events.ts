/** Every event that a webhook can be about. https://developer.atlassian.com/cloud/jira/platform/webhooks/ */

const about = (prefix: string, ...what: string[]): string[] => what.map((one) => `${prefix}_${one}`);

export const issueEvents = [
  "jira:issue_created", "jira:issue_updated", "jira:issue_deleted",
  ...about("comment", "created", "updated", "deleted"),
  ...about("worklog", "created", "updated", "deleted"),
  ...about("attachment", "created", "deleted"),
  ...about("issuelink", "created", "deleted"),
  ...about("issue_property", "set", "deleted"),
];

export const otherEvents = [
  ...about("project", "created", "updated", "deleted", "soft_deleted", "restored_deleted", "archived", "restored_archived"),
  ...about("jira:version", "released", "unreleased", "created", "moved", "updated", "deleted", "merged"),
  ...about("issuetype", "created", "updated", "deleted"),
  ...about("user", "created", "updated", "deleted"),
  ...about("filter", "created", "updated", "deleted"),
  ...about("sprint", "created", "deleted", "updated", "started", "closed"),
  ...about("board", "created", "updated", "deleted", "configuration_changed"),
  ...["voting", "watching", "unassigned_issues", "subtasks", "issuelinks", "timetracking", "timetracking_provider"].map((option) => `option_${option}_changed`),
  "app_access_to_objects_blocked", "app_access_to_objects_in_container_blocked", "jira_expression_evaluation_failed",
];

export const adminEvents: readonly string[] = [...issueEvents, ...otherEvents];

/** What an application may register for by itself. */
export const dynamicEvents: readonly string[] = [
  "jira:issue_created", "jira:issue_updated", "jira:issue_deleted",
  ...about("comment", "created", "updated", "deleted"),
  ...about("issue_property", "set", "deleted"),
  ...about("sprint", "created", "updated", "closed", "deleted", "started"),
  ...about("jira:version", "released", "unreleased", "created", "moved", "updated", "merged", "deleted"),
];
