import { stumble, tokens, type Token } from "./lexer";

export type Operator = "=" | "!=" | "~" | "!~" | ">" | ">=" | "<" | "<=" | "in" | "not in" | "is" | "is not";

export type Operand = { kind: "value"; text: string } | { kind: "function"; name: string; args: string[] } | { kind: "empty" };

export type Clause =
  | { kind: "and" | "or"; clauses: Clause[] }
  | { kind: "not"; clause: Clause }
  | { kind: "term"; field: string; operator: Operator; operands: Operand[] };

export interface Query {
  where: Clause | null;
  orderBy: { field: string; descending: boolean }[];
}

/** @throws JqlError in Jira's words. */
export function parseJql(jql: string): Query {
  return new Parser(tokens(jql)).query();
}

const reserved = new Set(["and", "or", "not", "in", "is", "order", "by", "empty", "null", "was", "changed"]);

class Parser {
  private position = 0;

  constructor(private readonly list: Token[]) {}

  query(): Query {
    const where = this.isWord("order") || this.current.kind === "end" ? null : this.or();
    const orderBy: Query["orderBy"] = [];
    if (this.takeWord("order")) {
      if (!this.takeWord("by")) throw this.unexpected("Expecting 'by'");
      do {
        const field = this.text("Expecting a field name");
        const descending = this.takeWord("desc");
        if (!descending) this.takeWord("asc");
        orderBy.push({ field, descending });
      } while (this.take("comma"));
    }
    if (this.current.kind !== "end") throw this.unexpected("Expecting either 'OR' or 'AND'");
    return { where, orderBy };
  }

  private or(): Clause {
    const clauses = [this.and()];
    while (this.takeWord("or")) clauses.push(this.and());
    const [only] = clauses;
    return clauses.length === 1 && only ? only : { kind: "or", clauses };
  }

  private and(): Clause {
    const clauses = [this.not()];
    while (this.takeWord("and")) clauses.push(this.not());
    const [only] = clauses;
    return clauses.length === 1 && only ? only : { kind: "and", clauses };
  }

  private not(): Clause {
    const isBang = this.current.kind === "operator" && this.current.text === "!";
    if (isBang) this.position += 1;
    if (isBang || this.takeWord("not")) return { kind: "not", clause: this.not() };
    if (this.take("open")) {
      const inner = this.or();
      if (!this.take("close")) throw this.unexpected("Expecting ')'");
      return inner;
    }
    return this.term();
  }

  private term(): Clause {
    const field = this.text("Expecting a field name");
    const operator = this.operator();
    const isList = operator === "in" || operator === "not in";
    const operands = isList ? this.values() : [this.operand()];
    if ((operator === "is" || operator === "is not") && operands[0]?.kind !== "empty") {
      throw stumble(`The operator '${operator}' can only be used with EMPTY or NULL`, this.current.at);
    }
    return { kind: "term", field, operator, operands };
  }

  private operator(): Operator {
    const { kind, text } = this.current;
    if (kind === "operator" && text !== "!") {
      this.position += 1;
      return text as Operator;
    }
    if (this.takeWord("in")) return "in";
    if (this.takeWord("not")) {
      if (this.takeWord("in")) return "not in";
      throw this.unexpected("Expecting 'in'");
    }
    if (this.takeWord("is")) return this.takeWord("not") ? "is not" : "is";
    throw this.unexpected("Expecting operator");
  }

  private values(): Operand[] {
    // `in membersOf("x")` needs no brackets.
    if (!this.take("open")) return [this.operand()];
    const operands = [this.operand()];
    while (this.take("comma")) operands.push(this.operand());
    if (!this.take("close")) throw this.unexpected("Expecting ')'");
    return operands;
  }

  private operand(): Operand {
    const token = this.current;
    if (token.kind === "word" && /^(empty|null)$/i.test(token.text)) {
      this.position += 1;
      return { kind: "empty" };
    }
    const text = this.text("Expecting either a value, list or function");
    if (token.kind === "string" || !this.take("open")) return { kind: "value", text };
    const args: string[] = [];
    while (!this.take("close")) {
      args.push(this.text("Expecting a function argument"));
      this.take("comma");
    }
    return { kind: "function", name: text, args };
  }

  private text(expecting: string): string {
    const token = this.current;
    if (token.kind !== "string" && (token.kind !== "word" || reserved.has(token.text.toLowerCase()))) throw this.unexpected(expecting);
    this.position += 1;
    return token.text;
  }

  private get current(): Token {
    return this.list[this.position] ?? { kind: "end", text: "", at: 0 };
  }

  private isWord(text: string): boolean {
    return this.current.kind === "word" && this.current.text.toLowerCase() === text;
  }

  private takeWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.position += 1;
    return true;
  }

  private take(kind: Token["kind"]): boolean {
    if (this.current.kind !== kind) return false;
    this.position += 1;
    return true;
  }

  private unexpected(expecting: string): Error {
    const { kind, text, at } = this.current;
    return stumble(kind === "end" ? `${expecting} before the end of the query.` : `${expecting} but got '${text}'.`, at);
  }
}
