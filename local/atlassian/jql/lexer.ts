export interface Token {
  kind: "word" | "string" | "operator" | "comma" | "open" | "close" | "end";
  text: string;
  at: number;
}

export class JqlError extends Error {}

const simple: Record<string, Token["kind"]> = { ",": "comma", "(": "open", ")": "close" };
const operator = /!=|!~|>=|<=|=|~|>|<|!/y;
const word = /[^\s,()=!~<>"'&|]+/y;

/** Jira says where it stumbled; one line, as nobody writes JQL in two. */
export const stumble = (message: string, at: number): JqlError => new JqlError(`Error in the JQL Query: ${message} (line 1, character ${at + 1})`);

export function tokens(jql: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(jql)?.[0] ?? null;
  };
  while (at < jql.length) {
    const sign = jql[at] ?? "";
    if (/\s/.test(sign)) {
      at += 1;
      continue;
    }
    const kind = simple[sign];
    if (kind) {
      found.push({ kind, text: sign, at });
      at += 1;
      continue;
    }
    if (sign === '"' || sign === "'") {
      const text = quoted(jql, at);
      found.push({ kind: "string", text: text.value, at });
      at = text.end;
      continue;
    }
    if (jql.startsWith("&&", at) || jql.startsWith("||", at)) {
      found.push({ kind: "word", text: sign === "&" ? "AND" : "OR", at });
      at += 2;
      continue;
    }
    const sort = match(operator);
    if (sort !== null) {
      found.push({ kind: "operator", text: sort, at });
      at += sort.length;
      continue;
    }
    const text = match(word);
    if (text === null) throw stumble(`The character '${sign}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}' instead.`, at);
    found.push({ kind: "word", text, at });
    at += text.length;
  }
  return [...found, { kind: "end", text: "", at }];
}

function quoted(jql: string, start: number): { value: string; end: number } {
  const quote = jql[start];
  let value = "";
  for (let at = start + 1; at < jql.length; at += 1) {
    const sign = jql[at] ?? "";
    if (sign === quote) return { value, end: at + 1 };
    if (sign === "\\") {
      at += 1;
      value += jql[at] ?? "";
    } else value += sign;
  }
  throw stumble(`The quoted string '${value}' has not been completed.`, start);
}
