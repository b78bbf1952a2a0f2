/**
 * The part of JQL that a registered webhook may be filtered with, so that a mistake is told in words before Jira refuses it.
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/#supported-jql-queries
 */
const fields = ["issuekey", "project", "issuetype", "status", "priority", "assignee", "reporter"];
const properties = /^issue\.property\[[^\]\s]+\](?:\.[\w.-]+)?$/i;
const epic = /^cf\[\d+\]$/i;

/** Matches every issue; Jira demands a filter and takes no empty one. */
export const everyIssue = "project != null";

export const filterFaults = ["filter-empty", "filter-order", "filter-field", "filter-operator", "filter-function", "filter-malformed", "filter-unfinished"] as const;
export type FilterFault = { code: (typeof filterFaults)[number]; found: string };

/** What is wrong with the filter, or null. */
export function faultOfFilter(jql: string): FilterFault | null {
  const tokens = tokensOf(jql);
  if (typeof tokens === "string") return { code: "filter-malformed", found: tokens };
  if (tokens.length === 0) return { code: "filter-empty", found: "" };
  const order = tokens.findIndex((token, index) => is(token, "order") && is(tokens[index + 1], "by"));
  if (order >= 0) return { code: "filter-order", found: "ORDER BY" };
  return new Reader(tokens).whole();
}

interface Token {
  text: string;
  quoted: boolean;
}

const is = (token: Token | undefined, word: string) => token !== undefined && !token.quoted && token.text.toLowerCase() === word;

/** Its words, strings and signs; a string when a quotation is never closed. */
function tokensOf(jql: string): Token[] | string {
  const tokens: Token[] = [];
  const next = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|>=|<=|!~|[=~<>(),])|([^\s"'=!~<>(),]+|!))/y;
  while (next.lastIndex < jql.trimEnd().length) {
    const from = next.lastIndex;
    const match = next.exec(jql);
    if (!match) return jql.slice(from).trim();
    const [, double, single, sign, word] = match;
    const quoted = double ?? single;
    tokens.push(quoted === undefined ? { text: sign ?? word ?? "", quoted: false } : { text: quoted, quoted: true });
  }
  return tokens;
}

/** clause = comparison | "(" clauses ")"; clauses = clause (("and" | "or") clause)*. */
class Reader {
  private at = 0;
  constructor(private readonly tokens: Token[]) {}

  whole(): FilterFault | null {
    const fault = this.clauses();
    if (fault) return fault;
    return this.at < this.tokens.length ? this.malformed() : null;
  }

  private clauses(): FilterFault | null {
    for (;;) {
      const fault = this.clause();
      if (fault) return fault;
      if (!is(this.tokens[this.at], "and") && !is(this.tokens[this.at], "or")) return null;
      this.at += 1;
    }
  }

  private clause(): FilterFault | null {
    if (!is(this.tokens[this.at], "(")) return this.comparison();
    this.at += 1;
    const fault = this.clauses();
    if (fault) return fault;
    return this.expect(")");
  }

  private comparison(): FilterFault | null {
    const field = this.tokens[this.at];
    if (!field || (!field.quoted && /^[=!~<>(),]+$/.test(field.text))) return this.malformed();
    if (!mayFilterBy(field.text)) return { code: "filter-field", found: field.text };
    this.at += 1;
    return this.operator();
  }

  private operator(): FilterFault | null {
    const sign = this.tokens[this.at];
    if (is(sign, "=") || is(sign, "!=")) {
      this.at += 1;
      return this.value();
    }
    const negated = is(sign, "not") && is(this.tokens[this.at + 1], "in");
    if (!is(sign, "in") && !negated) return sign ? { code: "filter-operator", found: is(sign, "not") || is(sign, "is") ? this.words(2) : sign.text } : this.malformed();
    this.at += negated ? 2 : 1;
    return this.list();
  }

  private list(): FilterFault | null {
    const opening = this.expect("(");
    if (opening) return opening;
    for (;;) {
      const fault = this.value();
      if (fault) return fault;
      if (!is(this.tokens[this.at], ",")) return this.expect(")");
      this.at += 1;
    }
  }

  /** A name, a number or a quoted text; functions such as `currentUser()` mean nothing where nobody looks. */
  private value(): FilterFault | null {
    const value = this.tokens[this.at];
    if (!value || (!value.quoted && /^[=!~<>(),]+$/.test(value.text))) return this.malformed();
    this.at += 1;
    return !value.quoted && is(this.tokens[this.at], "(") ? { code: "filter-function", found: `${value.text}()` } : null;
  }

  private expect(sign: string): FilterFault | null {
    if (!is(this.tokens[this.at], sign)) return this.malformed();
    this.at += 1;
    return null;
  }

  private malformed(): FilterFault {
    const found = this.words(3);
    return { code: found ? "filter-malformed" : "filter-unfinished", found };
  }

  private words(count: number): string {
    return this.tokens
      .slice(this.at, this.at + count)
      .map(({ text }) => text)
      .join(" ");
  }
}

const mayFilterBy = (field: string) => fields.includes(field.toLowerCase()) || properties.test(field) || epic.test(field);
