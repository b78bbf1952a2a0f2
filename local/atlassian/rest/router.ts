import { Answer } from "../http";
import type { Call } from "./call";
import * as comments from "./comments";
import * as issues from "./issues";
import * as people from "./people";
import * as projects from "./projects";
import { searchGone, searchJql } from "./search";
import * as webhooks from "./webhooks";

type Method = "GET" | "POST" | "PUT" | "DELETE";

interface Endpoint {
  method: Method;
  /** As Jira's documents name it, without what precedes. */
  template: string;
  scopes: readonly string[];
  handle: (call: Call) => unknown;
}

const endpoint = (method: Method, template: string, scopes: string | readonly string[], handle: Endpoint["handle"]): Endpoint => ({ method, template, scopes: typeof scopes === "string" ? [scopes] : scopes, handle });

const [read, write, user] = ["read:jira-work", "write:jira-work", "read:jira-user"];
const hooks = ["manage:jira-webhook", read];

const endpoints: readonly Endpoint[] = [
  endpoint("GET", "myself", user, people.getMyself),
  endpoint("GET", "user", user, people.getUser),
  endpoint("GET", "user/search", user, people.searchUsers),
  endpoint("GET", "user/assignable/search", user, people.assignableUsers),
  endpoint("GET", "mypermissions", read, people.myPermissions),
  endpoint("POST", "permissions/check", read, people.checkPermissions),
  endpoint("GET", "project/search", read, projects.searchProjects),
  endpoint("GET", "project/{project}", read, projects.getProject),
  endpoint("GET", "project/{project}/statuses", read, projects.projectStatuses),
  endpoint("GET", "issuetype", read, projects.allIssueTypes),
  endpoint("GET", "issuetype/project", read, projects.issueTypesOfProject),
  endpoint("GET", "status", read, projects.allStatuses),
  endpoint("GET", "priority", read, projects.allPriorities),
  endpoint("GET", "resolution", read, projects.allResolutions),
  endpoint("GET", "label", read, projects.allLabels),
  endpoint("GET", "serverInfo", [], projects.serverInfo),
  endpoint("GET", "search/jql", read, searchJql),
  endpoint("POST", "search/jql", read, searchJql),
  endpoint("GET", "search", read, searchGone),
  endpoint("POST", "search", read, searchGone),
  endpoint("POST", "issue", write, issues.postIssue),
  endpoint("POST", "issue/bulkfetch", read, issues.bulkFetch),
  endpoint("GET", "issue/createmeta/{project}/issuetypes", read, projects.metaIssueTypes),
  endpoint("GET", "issue/createmeta/{project}/issuetypes/{type}", read, projects.metaFields),
  endpoint("GET", "issue/{issue}", read, issues.getIssue),
  endpoint("PUT", "issue/{issue}", write, issues.putIssue),
  endpoint("DELETE", "issue/{issue}", write, issues.removeIssue),
  endpoint("PUT", "issue/{issue}/assignee", write, issues.putAssignee),
  endpoint("GET", "issue/{issue}/transitions", read, issues.getTransitions),
  endpoint("POST", "issue/{issue}/transitions", write, issues.postTransition),
  endpoint("GET", "issue/{issue}/changelog", read, issues.getChangelog),
  endpoint("GET", "issue/{issue}/comment", read, comments.getComments),
  endpoint("POST", "issue/{issue}/comment", write, comments.postComment),
  endpoint("GET", "issue/{issue}/comment/{id}", read, comments.getComment),
  endpoint("PUT", "issue/{issue}/comment/{id}", write, comments.putComment),
  endpoint("DELETE", "issue/{issue}/comment/{id}", write, comments.removeComment),
  endpoint("GET", "issue/{issue}/worklog", read, comments.getWorklogs),
  endpoint("POST", "issue/{issue}/worklog", write, comments.postWorklog),
  endpoint("DELETE", "issue/{issue}/worklog/{id}", write, comments.removeWorklog),
  endpoint("GET", "issueLinkType", read, projects.allLinkTypes),
  endpoint("POST", "issueLink", write, projects.postLink),
  endpoint("GET", "issueLink/{id}", read, projects.getLink),
  endpoint("DELETE", "issueLink/{id}", write, projects.removeLink),
  endpoint("GET", "webhook", hooks, webhooks.listWebhooks),
  endpoint("POST", "webhook", hooks, webhooks.registerWebhooks),
  endpoint("DELETE", "webhook", hooks, webhooks.deleteWebhooks),
  endpoint("PUT", "webhook/refresh", hooks, webhooks.refreshWebhooks),
  endpoint("GET", "webhook/failed", hooks, webhooks.failedWebhooks),
];

export interface Found {
  endpoint: Endpoint;
  path: Record<string, string>;
}

/** The endpoint that a path means, words before placeholders. @throws Answer for what Jira has and this engine does not */
export function findEndpoint(method: string, path: readonly string[]): Found {
  let otherMethod = false;
  for (const one of endpoints) {
    const parts = one.template.split("/");
    if (parts.length !== path.length || !parts.every((part, index) => part.startsWith("{") || part === path[index])) continue;
    if (one.method === method) {
      return { endpoint: one, path: Object.fromEntries(parts.flatMap((part, index) => (part.startsWith("{") ? [[part.slice(1, -1), path[index] ?? ""]] : []))) };
    }
    otherMethod = true;
  }
  if (otherMethod) throw new Answer(405, { message: "Method Not Allowed", "status-code": 405 });
  throw new Answer(501, { errorMessages: [`The local Atlassian engine does not have ${method} /${path.join("/")}. See local/atlassian/README.md.`], errors: {} });
}

export async function run({ endpoint: { handle } }: Found, call: Call): Promise<Answer> {
  const result = await handle(call);
  return result instanceof Answer ? result : new Answer(200, result);
}
