import type { IssueFacts } from "../events";

/** An issue as a card shows it, for somebody who may see it. */
export interface IssueCard {
  key: string;
  connectionId: string;
  issueId: string;
  summary: string;
  type: string | null;
  status: string | null;
  /** Jira's own: `new`, `indeterminate`, `done`. */
  statusCategory: string | null;
  priority: string | null;
  assignee: string | null;
  deleted: boolean;
  /** When it was last known to be so. */
  asOf: string;
  /** The name under which its changes are called out. */
  topic: string;
}

export function cardOf(row: { connectionId: string; issueId: string; key: string; facts: IssueFacts; deletedAt: Date | null; checkedAt: Date; topic: string }): IssueCard {
  const { summary, type, status, statusCategory, priority, assignee } = row.facts;
  return {
    key: row.key,
    connectionId: row.connectionId,
    issueId: row.issueId,
    summary,
    type,
    status,
    statusCategory,
    priority,
    assignee: assignee?.name ?? null,
    deleted: row.deletedAt !== null,
    asOf: row.checkedAt.toISOString(),
    topic: row.topic,
  };
}
