/** A value inside a query: quoted, so that nothing in it is read as JQL (https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/). */
export const quoted = (value: string): string => `"${value.replaceAll(/[\p{Cc}\p{Cs}]/gu, " ").replaceAll(/[\\"]/g, "\\$&")}"`;

const wordsAtMost = 12;

/**
 * What to look for with `~`. Its operand is a language of its own inside the quotes, of which only words are kept: signs would be
 * operators, and so would AND, OR and NOT. The last word is a beginning, as whoever types has not ended it. Null when nothing is left.
 */
export function searchWords(text: string): string | null {
  const words = (text.toLowerCase().match(/[\p{L}\p{N}\p{M}_]+/gu) ?? []).slice(0, wordsAtMost);
  const last = words.pop();
  return last === undefined ? null : [...words, `${last}*`].join(" ");
}

export interface IssueQuery {
  text?: string;
  project?: string;
  status?: string;
  mine?: boolean;
}

/** Search demands a bound; what changed lately is what somebody without a wish wants to see. */
const lately = "updated >= -30d";

export function jqlOf({ text, project, status, mine }: IssueQuery): string {
  const words = text ? searchWords(text) : null;
  const clauses = [
    mine && "assignee = currentUser()",
    mine && !status && !words && "statusCategory != Done",
    project && `project = ${quoted(project)}`,
    status && `status = ${quoted(status)}`,
    words && `text ~ ${quoted(words)}`,
  ].filter((clause) => typeof clause === "string");
  return `${clauses.length > 0 ? clauses.join(" AND ") : lately} ORDER BY updated DESC`;
}
