/**
 * Jira's names of what happened, by the product's. https://developer.atlassian.com/cloud/jira/platform/webhooks/ ; some are written with
 * `jira:` before them, and which ones has changed over the years, so both spellings are taken.
 */
const verbs = {
  issue: ["created", "updated", "deleted"],
  issue_property: ["set", "deleted"],
  comment: ["created", "updated", "deleted"],
  worklog: ["created", "updated", "deleted"],
  attachment: ["created", "deleted"],
  issuelink: ["created", "deleted"],
  issuetype: ["created", "updated", "deleted"],
  project: ["created", "updated", "deleted", "soft_deleted", "restored_deleted", "archived", "restored_archived"],
  version: ["created", "updated", "released", "unreleased", "moved", "merged", "deleted"],
  sprint: ["created", "updated", "started", "closed", "deleted"],
  board: ["created", "updated", "configuration_changed", "deleted"],
  filter: ["created", "updated", "deleted"],
  user: ["created", "updated", "deleted"],
  option: [
    "voting_changed",
    "watching_changed",
    "unassigned_issues_changed",
    "subtasks_changed",
    "issuelinks_changed",
    "timetracking_changed",
    "timetracking_provider_changed",
  ],
} as const;

const dashed = (name: string) => name.replaceAll("_", "-");

const byJiraName = new Map<string, string>([
  ...Object.entries(verbs).flatMap(([noun, all]) => all.map((verb): [string, string] => [`${noun}_${verb}`, `jira.${dashed(noun)}.${dashed(verb)}`])),
  ["jira_expression_evaluation_failed", "jira.expression.failed"],
  ["app_access_to_objects_blocked", "jira.app-access.objects-blocked"],
  ["app_access_to_objects_in_container_blocked", "jira.app-access.container-blocked"],
]);

export const unknownEvent = "jira.unknown";

export const events: readonly string[] = [...byJiraName.values(), unknownEvent];

export const eventNamed = (jiraName: string): string => byJiraName.get(jiraName.replace(/^jira:/, "")) ?? unknownEvent;
