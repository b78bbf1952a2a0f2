import { z } from "zod";
import type { IssueFacts } from "../events";
import { plainOf } from "../plugins/jira/adf";
import type { Comment, FullIssue } from "../plugins/jira/issues";

/** An issue as a card shows it, for somebody who may see it. */
export const issueCard = z.strictObject({
  key: z.string(),
  connectionId: z.string(),
  issueId: z.string(),
  summary: z.string(),
  type: z.string().nullable(),
  status: z.string().nullable(),
  /** Jira's own: `new`, `indeterminate`, `done`. */
  statusCategory: z.string().nullable(),
  priority: z.string().nullable(),
  assignee: z.string().nullable(),
  deleted: z.boolean(),
  /** Jira's own `updated`. */
  updatedAt: z.string().nullable(),
  /** When it was last known to be so. */
  asOf: z.string(),
  /** The name under which its changes are called out in the organization's realtime channel (`issues.changed`). */
  topic: z.string(),
});
export type IssueCard = z.output<typeof issueCard>;

interface Known {
  connectionId: string;
  facts: IssueFacts;
  deletedAt: Date | null;
  checkedAt: Date;
  topic: string;
}

export function cardOf({ connectionId, facts, deletedAt, checkedAt, topic }: Known): IssueCard {
  const { id, key, summary, type, status, statusCategory, priority, assignee, updatedAt } = facts;
  return {
    key,
    connectionId,
    issueId: id,
    summary,
    type,
    status,
    statusCategory,
    priority,
    assignee: assignee?.name ?? null,
    deleted: deletedAt !== null,
    updatedAt,
    asOf: checkedAt.toISOString(),
    topic,
  };
}

const account = z.strictObject({ id: z.string(), name: z.string() }).nullable();

/** An issue of the REST API. */
export const issueResource = z.strictObject({
  key: z.string(),
  id: z.string(),
  connection: z.string(),
  summary: z.string(),
  /** Its page in Jira. */
  url: z.string().nullable(),
  project: z.strictObject({ id: z.string(), key: z.string(), name: z.string() }),
  type: z.string().nullable(),
  status: z.string().nullable(),
  statusCategory: z.string().nullable(),
  priority: z.string().nullable(),
  assignee: account,
  reporter: account,
  labels: z.array(z.string()),
  updatedAt: z.string().nullable(),
});

export const resourceOf = (connectionId: string, { id, key, summary, url, project, type, status, statusCategory, priority, assignee, reporter, labels, updatedAt }: IssueFacts) => ({
  key,
  id,
  connection: connectionId,
  summary,
  url,
  project,
  type,
  status,
  statusCategory,
  priority,
  assignee,
  reporter,
  labels,
  updatedAt,
});

export const fullIssueResource = issueResource.extend({
  /** Without its looks. */
  description: z.string(),
  createdAt: z.string().nullable(),
  dueDate: z.string().nullable(),
  parent: z.strictObject({ key: z.string(), summary: z.string() }).nullable(),
  transitions: z.array(z.strictObject({ id: z.string(), name: z.string(), status: z.string().nullable() })),
  /** The latest 20, the oldest of them first. */
  comments: z.array(z.strictObject({ id: z.string(), author: account, at: z.string().nullable(), text: z.string() })),
  commentCount: z.number().int(),
});

export const fullResourceOf = (connectionId: string, issue: FullIssue, { comments, total }: { comments: Comment[]; total: number }) => ({
  ...resourceOf(connectionId, issue.facts),
  description: plainOf(issue.description),
  createdAt: issue.createdAt,
  dueDate: issue.dueDate,
  parent: issue.parent,
  transitions: issue.transitions.map(({ id, name, status }) => ({ id, name, status })),
  comments: comments.map(({ id, author, at, body }) => ({ id, author, at, text: plainOf(body) })),
  commentCount: total,
});
