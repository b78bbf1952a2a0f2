import { JqlError } from "./lexer";
import { parseJql, type Clause } from "./parser";

const allowedFields = new Set(["issuekey", "key", "issue", "project", "issuetype", "type", "status", "priority", "assignee", "reporter", "epic link", "parent"]);
const allowedOperators = new Set(["=", "!=", "in", "not in"]);

/**
 * What is wrong with the filter of a dynamic webhook, which may use less than JQL has: these fields, `= != IN NOT IN`, no ORDER BY,
 * not empty. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/
 */
export function faultsOfDynamicFilter(jql: string): string[] {
  if (jql.trim() === "") return ["The JQL filter must not be empty"];
  try {
    const { where, orderBy } = parseJql(jql);
    if (orderBy.length > 0) return ["Order by is unsupported"];
    return where ? [...new Set(faultsOf(where))] : ["The JQL filter must not be empty"];
  } catch (error) {
    if (error instanceof JqlError) return [error.message];
    throw error;
  }
}

function faultsOf(clause: Clause): string[] {
  switch (clause.kind) {
    case "and":
    case "or":
      return clause.clauses.flatMap(faultsOf);
    case "not":
      return faultsOf(clause.clause);
    case "term": {
      const field = clause.field.toLowerCase();
      const isAllowed = allowedFields.has(field) || /^cf\[\d+\]$/.test(field) || field.startsWith("issue.property");
      return [
        ...(isAllowed ? [] : [`Clause ${clause.field} is unsupported`]),
        ...(allowedOperators.has(clause.operator) ? [] : [`Operator ${clause.operator} is unsupported`]),
        ...clause.operands.flatMap((operand) => (operand.kind === "function" ? [`Function ${operand.name} is unsupported`] : [])),
      ];
    }
  }
}
