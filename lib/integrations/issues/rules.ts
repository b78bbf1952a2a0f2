import type { IssueFacts } from "../events";

/** What a row without Jira's own time is worth: less than any that has one. */
const undated = new Date(0);

export interface Remembered {
  issueId: string;
  key: string;
  projectId: string;
  facts: IssueFacts;
  updatedAt: Date;
}

/** The newest of each issue, by Jira's own `updated`; the later one of those that say the same. In the order of their ids, so that no two writers wait for each other. */
export function newestOfEach(facts: IssueFacts[]): Remembered[] {
  const newest = new Map<string, Remembered>();
  for (const issue of facts) {
    const updatedAt = issue.updatedAt ? new Date(issue.updatedAt) : undated;
    const known = newest.get(issue.id);
    if (!known || known.updatedAt <= updatedAt) newest.set(issue.id, { issueId: issue.id, key: issue.key, projectId: issue.project.id, facts: issue, updatedAt });
  }
  return [...newest.values()].sort((a, b) => (a.issueId < b.issueId ? -1 : 1));
}

/** While Jira does not answer, what somebody saw there this long ago is still shown to them. */
export const sightLastsInOutageMs = 60 * 60 * 1000;
