import { createHash } from "node:crypto";
import { Environment, type ASTNode } from "@marcbachmann/cel-js";

/** What an expression sees: `event` is the event of the run, `async` the one that has come since. */
export interface Scope {
  event: unknown;
  async?: unknown;
}

export interface Expression {
  source: string;
  /** True only for a true boolean: any other value, and any error of evaluation, does not match. */
  matches(scope: Scope): boolean;
  /** The value as text, for keys; null (and any error of evaluation) is the empty text. */
  key(scope: Scope): string;
  /** A finite number, or undefined. */
  number(scope: Scope): number | undefined;
}

const GET = "value_or_null";
const HAS = "has_value";

function member(object: unknown, key: unknown): unknown {
  if (Array.isArray(object)) {
    const index = typeof key === "bigint" ? Number(key) : key;
    return typeof index === "number" ? (object[index] ?? null) : null;
  }
  if (typeof object !== "object" || object === null || typeof key !== "string") return null;
  if (object instanceof Map) return object.get(key) ?? null;
  return Object.hasOwn(object, key) ? ((object as Record<string, unknown>)[key] ?? null) : null;
}

/** JSON numbers are doubles and literals are ints; the language keeps them apart in arithmetic, people do not. */
const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

function environment(withAsync: boolean): Environment {
  const env = new Environment({ homogeneousAggregateLiterals: false, limits: { maxAstNodes: 2000, maxDepth: 100 } })
    .registerVariable("event", "dyn")
    .registerFunction(`${GET}(dyn, dyn): dyn`, member)
    .registerFunction(`${HAS}(dyn, dyn): bool`, (object: unknown, key: unknown) => member(object, key) !== null);
  if (withAsync) env.registerVariable("async", "dyn");
  for (const [operator, apply] of Object.entries(ARITHMETIC)) {
    const mixed = (a: unknown, b: unknown) => apply(Number(a), Number(b));
    env.registerOperator(`double ${operator} int`, mixed).registerOperator(`int ${operator} double`, mixed);
  }
  env.registerOperator("double % double", (a: unknown, b: unknown) => Number(a) % Number(b));
  return env;
}

const ENVIRONMENTS = { event: environment(false), both: environment(true) };

/**
 * Writes the expression again with every attribute access turned into a call that answers null where the attribute is missing,
 * at any depth: the language itself would stop with an error, and Inngest reads a missing attribute as null.
 */
function nullTolerant(node: ASTNode): string {
  const all = (nodes: readonly ASTNode[]) => nodes.map(nullTolerant).join(", ");
  switch (node.op) {
    case "value":
      return node.input.slice(node.start, node.end);
    case "id":
      return node.args;
    case ".":
      return `${GET}(${nullTolerant(node.args[0])}, ${JSON.stringify(node.args[1])})`;
    case "[]":
      return `${GET}(${all(node.args)})`;
    case "call": {
      const [name, parts] = node.args;
      const [target] = parts;
      if (name === "has" && target?.op === ".") {
        return `${HAS}(${nullTolerant(target.args[0])}, ${JSON.stringify(target.args[1])})`;
      }
      return `${name}(${all(parts)})`;
    }
    case "rcall":
      return `(${nullTolerant(node.args[1])}).${node.args[0]}(${all(node.args[2])})`;
    case "list":
      return `[${all(node.args)}]`;
    case "map":
      return `{${node.args.map(([key, value]) => `${nullTolerant(key)}: ${nullTolerant(value)}`).join(", ")}}`;
    case "?:":
      return `((${nullTolerant(node.args[0])}) ? (${nullTolerant(node.args[1])}) : (${nullTolerant(node.args[2])}))`;
    case "!_":
      return `!(${nullTolerant(node.args)})`;
    case "-_":
      return `-(${nullTolerant(node.args)})`;
    case ".?":
    case "[?]":
      throw new Error("optional access is not part of Inngest's expressions");
    default:
      return `((${nullTolerant(node.args[0])}) ${node.op} (${nullTolerant(node.args[1])}))`;
  }
}

/** Keys are indexed text: no NUL, and of bounded length. */
function storableKey(key: string): string {
  const text = key.replaceAll("\0", "\\0");
  return text.length <= 500 ? text : `${text.slice(0, 100)}#${createHash("sha256").update(text).digest("hex")}`;
}

const cache = new Map<string, Expression>();

/**
 * Compiles a CEL expression of an Inngest option.
 * @throws Error with the reason when it cannot be understood.
 */
export function expression(source: string, variables: "event" | "both"): Expression {
  const cacheKey = `${variables}:${source}`;
  const known = cache.get(cacheKey);
  if (known) return known;
  const env = ENVIRONMENTS[variables];
  const written = env.parse(source);
  const verdict = written.check();
  if (!verdict.valid) throw new Error(verdict.error?.message.split("\n")[0] ?? "invalid expression");
  const run = env.parse(nullTolerant(written.ast));
  run.check();
  const evaluate = (scope: Scope): unknown => {
    try {
      return run({ event: scope.event, ...(variables === "both" ? { async: scope.async } : {}) });
    } catch {
      return null;
    }
  };
  const compiled: Expression = {
    source,
    matches: (scope) => evaluate(scope) === true,
    key: (scope) => {
      const value = evaluate(scope);
      if (value === null || value === undefined) return "";
      if (typeof value !== "object") return storableKey(String(value));
      return storableKey(JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? Number(part) : part)));
    },
    number: (scope) => {
      const value = evaluate(scope);
      const number = typeof value === "bigint" ? Number(value) : value;
      return typeof number === "number" && Number.isFinite(number) ? number : undefined;
    },
  };
  // Waits carry expressions with values written into them: without a bound a long life would keep them all.
  if (cache.size >= 5000) cache.clear();
  cache.set(cacheKey, compiled);
  return compiled;
}
